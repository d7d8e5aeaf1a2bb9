// HotSpot: what the bridge does once for each hook, done once for all of them.
//
// For each method that it replaces or gives back, bridge 7.0.13 has the VM walk all its classes and tables for
// entries that still name the old method, while every thread of the app stands still: 34 hooks of an Android
// app need 0.6 s, nearly all of it in these walks. A walk asks of each entry only whether its method is marked
// as old (OpenJDK, jvmtiRedefineClasses.cpp, AdjustAndCleanMetadata::do_klass), so one at the end serves all.
// It is done in the very operation in which the methods were replaced: no thread of the app runs in between.
// Before JDK 13 a walk is for one class only; nothing is changed there.

/** The bridge's table of VM functions and addresses. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type VmApi = Record<string, any>;

const EXECUTE = "VMThread::execute";
const CLASSES = "ClassLoaderDataGraph::classes_do";
const RESOLVED = "ResolvedMethodTable::adjust_method_entries";
const LISTS = "ClassLoaderDataGraph::clean_deallocate_lists";
/** Of the table of `VM_RedefineClasses`, as far as the bridge copies it; two words lie before it. */
const SLOTS = 15;

/** Walks asked for while something is under way: each kind runs once, when that has ended. */
export class Walks {
  #waiting: Map<string, () => void> | null = null;

  during(work: () => void): void {
    const waiting = new Map<string, () => void>();
    this.#waiting = waiting;
    try {
      work();
    } finally {
      this.#waiting = null;
      waiting.forEach((walk) => walk());
    }
  }

  ask(kind: string, walk: () => void): void {
    if (this.#waiting === null) {
      walk();
    } else if (!this.#waiting.has(kind)) {
      this.#waiting.set(kind, walk);
    }
  }
}

/** Change the bridge's table before its first hook. */
export function walkOnce(api: VmApi): void {
  const offset = doItOffset(api);
  if (api.redefineClass !== undefined || offset === null) {
    return;
  }
  const walks = new Walks();
  const { [EXECUTE]: execute, [CLASSES]: classes, [RESOLVED]: resolved, [LISTS]: lists } = api;
  api[CLASSES] = (closure: NativePointer) => {
    // The bridge's closure is gone by the time of the walk.
    const thread = closure.add(Process.pointerSize).readPointer();
    walks.ask(CLASSES, () => withClosure(api.doKlass as NativePointer, thread, classes));
  };
  if (resolved !== undefined) {
    api[RESOLVED] = () => walks.ask(RESOLVED, () => withTrue(resolved));
  }
  if (lists !== undefined) {
    api[LISTS] = (flag: number) => walks.ask(LISTS, () => lists(flag));
  }
  api[EXECUTE] = (operation: NativePointer) => {
    const slot = operation.readPointer().add(offset);
    const doIt = new NativeFunction(slot.readPointer(), "void", ["pointer"]);
    const whole = new NativeCallback((self) => walks.during(() => doIt(self)), "void", ["pointer"]);
    slot.writePointer(whole);
    execute(operation);
    kept.set(EXECUTE, whole);
  };
}

/** What must outlive the call that was given its address. */
const kept = new Map<string, unknown>();

/** Where in its table an operation has the work to do. */
function doItOffset(api: VmApi): number | null {
  const table = (api.vtableRedefineClasses as NativePointer).add(2 * Process.pointerSize);
  for (let index = 0; index < SLOTS; index++) {
    const offset = index * Process.pointerSize;
    if (table.add(offset).readPointer().equals(api.redefineClassesDoIt as NativePointer)) {
      return offset;
    }
  }
  return null;
}

/** A `KlassClosure` as the bridge makes it: table, thread, thread. */
function withClosure(doKlass: NativePointer, thread: NativePointer, walk: (closure: NativePointer) => void): void {
  const table = Memory.alloc(Process.pointerSize);
  table.writePointer(doKlass);
  const closure = Memory.alloc(3 * Process.pointerSize);
  closure.writePointer(table);
  closure.add(Process.pointerSize).writePointer(thread);
  closure.add(2 * Process.pointerSize).writePointer(thread);
  walk(closure);
  kept.set(CLASSES, table);
}

/** With the address of a C++ `bool`: names were printed, which no log of ours needs. */
function withTrue(walk: (flag: NativePointer) => void): void {
  const flag = Memory.alloc(1);
  flag.writeU8(1);
  walk(flag);
}
