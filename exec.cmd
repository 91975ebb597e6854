@rem The scripts of package.json say `exec`, so that a signal to npm reaches the program and not only a shell.
@rem The shell of Windows has no such command; it finds this one, which runs what follows.
@%*
