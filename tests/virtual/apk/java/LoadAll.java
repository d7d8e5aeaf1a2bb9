import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipFile;

/** Links every class of a jar and prints what HotSpot's verifier says: JAR LIBRARY... */
public final class LoadAll {
    public static void main(String[] args) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String arg : args) {
            urls.add(new File(arg).toURI().toURL());
        }
        ClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]));
        int linked = 0;
        int lacking = 0;
        try (ZipFile jar = new ZipFile(args[0])) {
            List<String> names = new ArrayList<>();
            Collections.list(jar.entries()).stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class"))
                    .forEach(names::add);
            for (String name : names) {
                String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
                try {
                    // Linking comes before initialisation; what initialisers do is not asked here.
                    Class.forName(type, true, loader);
                    linked++;
                } catch (NoClassDefFoundError | ExceptionInInitializerError | UnsatisfiedLinkError e) {
                    lacking++; // optional dependencies, Android's native code
                } catch (LinkageError e) {
                    System.out.println("refused=" + type + ": " + e.toString().split("\n")[0]);
                }
            }
        }
        System.out.println("linked=" + linked);
        System.out.println("lacking=" + lacking);
        System.exit(0);
    }
}
