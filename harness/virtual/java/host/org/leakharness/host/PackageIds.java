package org.leakharness.host;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.robolectric.res.android.Util;

/**
 * Resource package ids from 0x80, those of feature splits, in Robolectric's table of packages.
 *
 * <p>`DynamicRefTable.addMapping` indexes an array with the id as a signed byte. Here the id is
 * masked to eight bits before the class is first used.
 */
final class PackageIds {
  private static final String TABLE = "org/robolectric/res/android/DynamicRefTable";
  private static final int MASK = 0xff;

  private PackageIds() {}

  /** Once per JVM, before any resources. */
  static void widen() throws IOException, IllegalAccessException {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    try (InputStream original = Util.class.getResourceAsStream("/" + TABLE + ".class")) {
      new ClassReader(original).accept(new Masked(writer), 0);
    }
    MethodHandles.privateLookupIn(Util.class, MethodHandles.lookup())
        .defineClass(writer.toByteArray());
  }

  /** Masks each id that is taken out of its box. */
  private static final class Masked extends ClassVisitor {
    Masked(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return new MethodVisitor(Opcodes.ASM9, next) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String called, String type, boolean isInterface) {
          super.visitMethodInsn(opcode, owner, called, type, isInterface);
          if (owner.equals("java/lang/Byte") && called.equals("byteValue")) {
            super.visitIntInsn(Opcodes.SIPUSH, MASK);
            super.visitInsn(Opcodes.IAND);
          }
        }
      };
    }
  }
}
