// Lets one fsync or fdatasync fail with EIO when the file that REFUSE_FSYNC names is there: its first letter says
// which (d: fdatasync, how PostgreSQL flushes its log; f: fsync, how a checkpoint flushes the tables).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int refuse(char which) {
    const char *order = getenv("REFUSE_FSYNC");
    if (!order) return 0;
    int file = open(order, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char letter = 0;
    int wanted = read(file, &letter, 1) == 1 && letter == which;
    close(file);
    // Of two that come at once only one takes the order away.
    return wanted && unlink(order) == 0;
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    if (refuse('d')) return errno = EIO, -1;
    return real(file);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    if (refuse('f')) return errno = EIO, -1;
    return real(file);
}
