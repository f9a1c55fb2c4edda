#include "model/revision.h"

#include <string.h>

static const char *const result_names[] = { "passed", "failed", "error", "skipped" };

const char *result_status_name(ResultStatus status)
{
        return result_names[status];
}

bool result_status_find(const char *name, ResultStatus *ret_status)
{
        for (size_t i = 0; i < G_N_ELEMENTS(result_names); i++)
                if (strcmp(result_names[i], name) == 0) {
                        *ret_status = (ResultStatus)i;
                        return true;
                }
        return false;
}

int result_status_rank(ResultStatus status)
{
        static const uint8_t ranks[] = {
                [RESULT_PASSED] = 0, [RESULT_SKIPPED] = 1, [RESULT_ERROR] = 2, [RESULT_FAILED] = 3
        };

        return ranks[status];
}
