"""The Frida side: the only room that imports `frida`."""
