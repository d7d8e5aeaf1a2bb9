// Reads requests and responses of OkHttp: all generations and Android's copy have these methods.

import type { Header } from "./contract.js";
import { toNumber, type Bridge, type Getter, type Raw } from "./java.js";
import type { Answer, RequestHead } from "./recorder.js";

const STRING = "Ljava/lang/String;";

/** The package and the type of a request's URL differ. */
export interface Flavour {
  readonly name: string;
  readonly url: string;
}

export class Messages {
  readonly #bridge: Bridge;
  readonly #request: Readonly<Record<"method" | "url" | "headers" | "body", Getter>>;
  readonly #response: Readonly<Record<"code" | "headers" | "protocol", Getter>>;
  readonly #headers: Readonly<Record<"size" | "name" | "value", Getter>>;

  /** Throws where a class or method is missing. */
  constructor(bridge: Bridge, flavour: Flavour) {
    this.#bridge = bridge;
    const path = flavour.name.replace(/\./g, "/");
    const of = (cls: string) => bridge.app.use(`${flavour.name}.${cls}`);
    const [request, response, headers] = [of("Request"), of("Response"), of("Headers")];
    this.#request = {
      method: bridge.method(request, "method", `()${STRING}`),
      url: bridge.method(request, "url", `()L${flavour.url};`),
      headers: bridge.method(request, "headers", `()L${path}/Headers;`),
      body: bridge.method(request, "body", `()L${path}/RequestBody;`),
    };
    this.#response = {
      code: bridge.method(response, "code", "()I"),
      headers: bridge.method(response, "headers", `()L${path}/Headers;`),
      protocol: bridge.method(response, "protocol", `()L${path}/Protocol;`),
    };
    this.#headers = {
      size: bridge.method(headers, "size", "()I"),
      name: bridge.method(headers, "name", `(I)${STRING}`),
      value: bridge.method(headers, "value", `(I)${STRING}`),
    };
  }

  /** All but `body`: whether there is one is not the same question everywhere. */
  head(request: Raw): Omit<RequestHead, "body"> {
    return {
      method: String(this.#request.method(request)),
      url: this.#bridge.text(this.#request.url(request) as Raw),
      headers: this.#pairs(this.#request.headers(request) as Raw),
    };
  }

  body(request: Raw): Raw | null {
    return this.#request.body(request) as Raw | null;
  }

  answer(response: Raw): Answer {
    return {
      status: toNumber(this.#response.code(response)),
      headers: this.#pairs(this.#response.headers(response) as Raw),
      version: this.#bridge.text(this.#response.protocol(response) as Raw),
      error: "",
    };
  }

  #pairs(headers: Raw): Header[] {
    const pairs: Header[] = [];
    const size = toNumber(this.#headers.size(headers));
    for (let i = 0; i < size; i++) {
      pairs.push([String(this.#headers.name(headers, i)), String(this.#headers.value(headers, i))]);
    }
    return pairs;
  }
}
