/* libFuzzer's entry points. The environment names the target, so that all of them are one program. */
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static size_t target;

/* Without a target it lists those there are. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
        const char *wanted = getenv("ZONEWRIGHT_FUZZ_TARGET");

        (void)argc;
        (void)argv;
        target_init();
        for (target = 0; target_name(target) != NULL; target++)
                if (wanted == NULL)
                        puts(target_name(target));
                else if (strcmp(target_name(target), wanted) == 0)
                        return 0;
        exit(wanted == NULL ? 0 : 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
        target_run(target, bytes, n);
        return 0;
}
