"""One Android device behind adb: install, launch, screen, typing."""
