package leakharness.apk;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes class files that came from dex acceptable to HotSpot's verifier: {@code IN OUT SOURCES API_JAR...}.
 *
 * <p>Dex has neither stack map frames nor a mark on method references that says whether the owner
 * is an interface. Both are computed here from the hierarchy of the app's classes and the Android
 * API. SOURCES has lines {@code class TAB source file}, which stack traces then show. Nothing is
 * loaded or initialised. A class whose frames cannot be computed is written with
 * class file version 50, for which HotSpot infers types itself, and is named on a line {@code
 * unframed=CLASS: REASON}.
 */
public final class RepairClasses {
    private RepairClasses() {}

    public static void main(String[] args) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        try (ZipFile in = new ZipFile(args[0])) {
            for (Enumeration<? extends ZipEntry> all = in.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (entry.getName().endsWith(".class")) {
                    classes.put(entry.getName(), bytes(in.getInputStream(entry)));
                }
            }
        }
        Map<String, String> sources = new HashMap<>();
        for (String line : Files.readAllLines(Paths.get(args[2]))) {
            int tab = line.indexOf('\t');
            sources.put(line.substring(0, tab), line.substring(tab + 1));
        }
        List<ZipFile> api = new ArrayList<>();
        for (int i = 3; i < args.length; i++) {
            api.add(new ZipFile(args[i]));
        }
        Hierarchy hierarchy = new Hierarchy(classes, api);
        try (ZipOutputStream out =
                new ZipOutputStream(
                        new BufferedOutputStream(new FileOutputStream(new File(args[1]))))) {
            out.setLevel(1);
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                // Local date and time, as zips have them: the first that they can express.
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                out.putNextEntry(entry);
                out.write(repaired(each.getKey(), each.getValue(), hierarchy, sources));
                out.closeEntry();
            }
        }
        System.out.println("classes=" + classes.size());
    }

    private static byte[] repaired(
            String name, byte[] raw, Hierarchy hierarchy, Map<String, String> sources) {
        try {
            FramingWriter writer = new FramingWriter(hierarchy);
            new ClassReader(raw)
                    .accept(new Repair(writer, hierarchy, sources, Opcodes.V1_8),
                            ClassReader.SKIP_FRAMES);
            return writer.toByteArray();
        } catch (RuntimeException e) {
            System.out.println("unframed=" + name + ": " + e);
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            new ClassReader(raw)
                    .accept(new Repair(writer, hierarchy, sources, Opcodes.V1_6),
                            ClassReader.SKIP_FRAMES);
            return writer.toByteArray();
        }
    }

    private static byte[] bytes(InputStream in) throws IOException {
        try (InputStream closing = in) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 14];
            for (int n = closing.read(buffer); n >= 0; n = closing.read(buffer)) {
                out.write(buffer, 0, n);
            }
            return out.toByteArray();
        }
    }

    /** Sets the class file version and the interface mark of method references. */
    private static final class Repair extends ClassVisitor {
        private final Hierarchy hierarchy;
        private final Map<String, String> sources;
        private final int version;

        Repair(
                ClassVisitor next,
                Hierarchy hierarchy,
                Map<String, String> sources,
                int version) {
            super(Opcodes.ASM9, next);
            this.hierarchy = hierarchy;
            this.sources = sources;
            this.version = version;
        }

        @Override
        public void visit(
                int ignored, int access, String name, String sig, String parent, String[] faces) {
            super.visit(version, access, name, sig, parent, faces);
            if (sources.containsKey(name)) {
                super.visitSource(sources.get(name), null);
            }
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String sig, String[] thrown) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, sig, thrown);
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String called, String type, boolean itf) {
                    super.visitMethodInsn(opcode, owner, called, type, isInterface(owner, itf));
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String called, String type, Handle bootstrap, Object... arguments) {
                    Object[] repaired = arguments.clone();
                    for (int i = 0; i < repaired.length; i++) {
                        repaired[i] = constant(repaired[i]);
                    }
                    super.visitInvokeDynamicInsn(
                            called, type, (Handle) constant(bootstrap), repaired);
                }

                @Override
                public void visitLdcInsn(Object value) {
                    super.visitLdcInsn(constant(value));
                }
            };
        }

        private boolean isInterface(String owner, boolean otherwise) {
            Hierarchy.Node node = owner.startsWith("[") ? null : hierarchy.find(owner);
            return node == null ? otherwise : node.isInterface;
        }

        private Object constant(Object value) {
            if (!(value instanceof Handle)) {
                return value;
            }
            Handle h = (Handle) value;
            boolean itf = isInterface(h.getOwner(), h.isInterface());
            return new Handle(h.getTag(), h.getOwner(), h.getName(), h.getDesc(), itf);
        }
    }

    /** Computes frames; asks the hierarchy instead of loading classes. */
    private static final class FramingWriter extends ClassWriter {
        private final Hierarchy hierarchy;

        FramingWriter(Hierarchy hierarchy) {
            super(ClassWriter.COMPUTE_FRAMES);
            this.hierarchy = hierarchy;
        }

        @Override
        protected String getCommonSuperClass(String one, String other) {
            return hierarchy.commonSuperClass(one, other);
        }
    }

    /** Superclasses and interface marks, read from class files; a class nobody has is unknown. */
    private static final class Hierarchy {
        static final class Node {
            final String parent;
            final boolean isInterface;

            Node(ClassReader reader) {
                parent = reader.getSuperName();
                isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
            }
        }

        private final Map<String, byte[]> own;
        private final List<ZipFile> api;
        private final Map<String, Node> known = new TreeMap<>();

        Hierarchy(Map<String, byte[]> own, List<ZipFile> api) {
            this.own = own;
            this.api = api;
        }

        Node find(String name) {
            if (!known.containsKey(name)) {
                byte[] raw = own.get(name + ".class");
                raw = raw == null ? fromApi(name + ".class") : raw;
                known.put(name, raw == null ? null : new Node(new ClassReader(raw)));
            }
            return known.get(name);
        }

        private byte[] fromApi(String file) {
            try {
                for (ZipFile jar : api) {
                    ZipEntry entry = jar.getEntry(file);
                    if (entry != null) {
                        return bytes(jar.getInputStream(entry));
                    }
                }
                InputStream in = ClassLoader.getSystemResourceAsStream(file);
                return in == null ? null : bytes(in);
            } catch (IOException e) {
                throw new IllegalStateException("cannot read " + file, e);
            }
        }

        String commonSuperClass(String one, String other) {
            List<String> above = ancestors(other);
            for (String candidate : ancestors(one)) {
                if (above.contains(candidate)) {
                    return candidate;
                }
            }
            return "java/lang/Object";
        }

        /** The class and its superclasses, nearest first; an interface counts as Object. */
        private List<String> ancestors(String name) {
            List<String> chain = new ArrayList<>();
            for (String at = name; at != null; ) {
                Node node = find(at);
                if (node != null && node.isInterface) {
                    return Collections.singletonList("java/lang/Object");
                }
                chain.add(at);
                at = node == null ? null : node.parent;
            }
            return chain;
        }
    }
}
