// A disk that is full, for a server that loads this first (LD_PRELOAD): while its working folder holds a file `disk-full`
// that names a folder beside it, no file in that folder grows. What is written over is written, as on a real disk.
//
// The functions are those that PostgreSQL 15 writes its files with.

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(function) ((__typeof__(&function)) dlsym(RTLD_NEXT, #function))

/// The folder that is full, with its whole path; false where there is none.
static bool full_folder(char *folder, size_t size) {
    int flag = open("disk-full", O_RDONLY | O_CLOEXEC);
    if (flag < 0) return false;
    char name[64] = {0};
    ssize_t length = read(flag, name, sizeof name - 1);
    close(flag);
    if (length <= 0 || getcwd(folder, size) == NULL) return false;
    size_t end = strlen(folder);
    return snprintf(folder + end, size - end, "/%s/", name) < (int) (size - end);
}

/// Whether a file would have to grow to this size on a disk that is full.
static bool is_denied(int file, off_t size) {
    int error = errno;
    char folder[PATH_MAX], link[64], path[PATH_MAX] = {0};
    bool denied = false;
    if (full_folder(folder, sizeof folder)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        struct stat status;
        denied = readlink(link, path, sizeof path - 1) > 0 && strncmp(path, folder, strlen(folder)) == 0
            && fstat(file, &status) == 0 && size > status.st_size;
    }
    errno = error;
    return denied;
}

static off_t sum(const struct iovec *parts, int count) {
    off_t sum = 0;
    for (int part = 0; part < count; part++) sum += (off_t) parts[part].iov_len;
    return sum;
}

static int deny(void) {
    errno = ENOSPC;
    return -1;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    return is_denied(file, offset + (off_t) count) ? deny() : NEXT(pwrite)(file, bytes, count, offset);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
    return is_denied(file, offset + sum(parts, count)) ? deny() : NEXT(pwritev)(file, parts, count, offset);
}

ssize_t write(int file, const void *bytes, size_t count) {
    off_t place = lseek(file, 0, SEEK_CUR);
    return place >= 0 && is_denied(file, place + (off_t) count) ? deny() : NEXT(write)(file, bytes, count);
}

int ftruncate(int file, off_t size) {
    return is_denied(file, size) ? deny() : NEXT(ftruncate)(file, size);
}

int posix_fallocate(int file, off_t offset, off_t count) {
    return is_denied(file, offset + count) ? ENOSPC : NEXT(posix_fallocate)(file, offset, count);
}
