// Host and port out of what Java's address objects print, which asks no name server.

import type { Peer } from "./recorder.js";

/** `name/1.2.3.4` as `InetAddress` prints itself; the name where there is one. */
export function addressHost(printed: string): string {
  const [name, address] = printed.split("/", 2);
  return name !== undefined && name !== "" ? name : (address ?? "");
}

/** `name/1.2.3.4:80`, `/[::1]:80` or `name/<unresolved>:80` as `InetSocketAddress` prints itself. */
export function socketPeer(printed: string): Peer {
  const colon = printed.lastIndexOf(":");
  const port = Number(printed.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(port)) {
    return { host: addressHost(printed), port: 0 };
  }
  const address = printed.slice(0, colon);
  // Before JDK 14 there was no `/` where the name is unresolved.
  const host = address.includes("/") ? addressHost(address) : address;
  return { host: host.replace(/^\[(.*)\]$/, "$1"), port };
}
