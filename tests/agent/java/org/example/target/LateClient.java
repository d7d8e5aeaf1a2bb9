package org.example.target;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;

/** An OkHttp of its own, in a class loader that is made while the program runs. */
final class LateClient {
    private static ClassLoader loader;

    private LateClient() {}

    static Object load(String jars) throws Exception {
        String[] names = jars.split(":");
        URL[] urls = new URL[names.length];
        for (int i = 0; i < names.length; i++) {
            urls[i] = new File(names[i]).toURI().toURL();
        }
        loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
        return "loaded";
    }

    static Object get(String url) throws Exception {
        Class<?> builder = loader.loadClass("okhttp3.Request$Builder");
        Object drafted = builder.getConstructor().newInstance();
        builder.getMethod("url", String.class).invoke(drafted, url);
        Object request = builder.getMethod("build").invoke(drafted);
        Class<?> client = loader.loadClass("okhttp3.OkHttpClient");
        Object call =
                client.getMethod("newCall", request.getClass())
                        .invoke(client.getConstructor().newInstance(), request);
        Object response = loader.loadClass("okhttp3.Call").getMethod("execute").invoke(call);
        Object code = response.getClass().getMethod("code").invoke(response);
        response.getClass().getMethod("close").invoke(response);
        return code;
    }
}
