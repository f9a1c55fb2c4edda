#include "model/safety.h"

#include "model/catalogue_tables.h"

#include <string.h>

const SafetyFact *safety_facts(size_t *ret_n)
{
        *ret_n = safety_n_facts;
        return safety_facts_all;
}

const SafetyFact *safety_find(SafetyKind kind, const char *key)
{
        for (size_t i = 0; i < safety_n_facts; i++)
                if (safety_facts_all[i].kind == kind && strcmp(safety_facts_all[i].key, key) == 0)
                        return &safety_facts_all[i];
        return NULL;
}
