/* Verifies one evidence pack after another in one process: fault_packs. Reads packs from the standard input, each behind its length
 * in eight bytes, the lowest first, until there are no more; writes one line for each, `ok`, `wrong`, or `refused` with the reason
 * for what is none. test_packs.py sends it packs that were altered. */
#include "base/error.h"
#include "base/hash.h"
#include "base/jread.h"
#include "service/service.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PACK_MAX = 64 << 20, ANSWER_MAX = 16 << 20 };

/* The whole of it in a file that holds nothing else. */
static bool pack_put(int fd, const char *pack, size_t n)
{
        if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
                return false;
        while (n > 0) {
                const ssize_t done = write(fd, pack, n);

                if (done <= 0)
                        return false;
                pack += done;
                n -= (size_t)done;
        }
        return lseek(fd, 0, SEEK_SET) == 0;
}

static bool pack_judge(int fd, Out *out)
{
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = NULL;

        out_reset(out);
        if (!service_verify_file(fd, NULL, w, &error)) {
                printf("refused %s\n", error->message);
                return true;
        }
        answer = jread_parse(out_data(out), out_length(out), &error);
        if (answer == NULL)
                return false;
        puts(jread_get_bool(answer, "ok", false) ? "ok" : "wrong");
        return true;
}

int main(void)
{
        g_autofree char *pack = g_malloc(PACK_MAX);
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        const int fd = memfd_create("pack", MFD_CLOEXEC);
        unsigned char head[8];

        hash_init();
        while (fd >= 0 && fread(head, 1, sizeof head, stdin) == sizeof head) {
                uint64_t n = 0;

                for (size_t i = sizeof head; i > 0; i--)
                        n = n << 8 | head[i - 1];
                if (n > PACK_MAX || fread(pack, 1, (size_t)n, stdin) != n || !pack_put(fd, pack, (size_t)n) ||
                    !pack_judge(fd, out) || fflush(stdout) != 0)
                        return 1;
        }
        return fd >= 0 && feof(stdin) ? 0 : 1;
}
