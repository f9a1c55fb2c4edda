/* What a person says of a link that is suspect: that it still holds, or that it will be judged later. Neither changes what the
 * link or its ends say, so an item whose content is locked does not stand in the way. */
#include "service/changeset/deferral.h"
#include "service/changeset/resolve.h"

#include <string.h>

enum { REASON_MAX = 4096, DATE_CHARS = 10 };

/* Who writes content, comments on it or approves it may judge; and specialists their own kinds. */
static bool may_judge(Resolver *r, const KnownLink *link, GError **error)
{
        const Rights *rights = r->context->rights;
        const unsigned readers = rights_roles_with(rights, ZW_PERM_COMMENT) |
                                 rights_roles_with(rights, ZW_PERM_APPROVE);

        if (readers == 0)
                return resolver_may_change(r, link->from->kind, error);
        r->roles = readers | rights_roles_with(rights, ZW_PERM_WRITE);
        return true;
}

/* Whether both ends are at the revisions that were looked at, where the operation says which. */
static bool revs_check(const KnownLink *link, const json_t *op, GError **error)
{
        const json_t *revs = json_object_get(op, "revs");
        const Known *ends[] = { link->from, link->to };

        if (revs == NULL)
                return true;
        if (json_array_size(revs) != G_N_ELEMENTS(ends)) {
                error_set(error, ZW_ERR_INPUT, "/revs", "the revisions of both ends are expected");
                return false;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
                if (json_integer_value(json_array_get(revs, i)) != ends[i]->rev) {
                        error_set(error, ZW_ERR_CONFLICT, ends[i]->key,
                                  "%s is at revision %u, which is not the one that was looked at",
                                  ends[i]->key, ends[i]->rev);
                        return false;
                }
        return true;
}

static bool is_suspect(const KnownLink *link)
{
        return link->from->subst > link->judged[0] || link->to->subst > link->judged[1];
}

static char *name_of(const KnownLink *link, GError **error)
{
        Id from, to;

        return hex_decode(link->from->id, from.b, ZW_ID_BYTES, error) &&
                               hex_decode(link->to->id, to.b, ZW_ID_BYTES, error)
                       ? deferral_name(&from, link->type, &to, link->as)
                       : NULL;
}

/* The setting is of the project, and touches both ends. */
static void setting_emit(Resolver *r, const KnownLink *link, const char *name, json_t *value)
{
        resolver_touch(r, link->from->id);
        resolver_touch(r, link->to->id);
        resolver_emit(r, NULL, json_pack("{s:s, s:s, s:o}", "op", "setting", "name", name, "value", value));
}

/* Nothing is left to be done later. */
static bool deferral_end(Resolver *r, const KnownLink *link, GError **error)
{
        g_autofree char *name = name_of(link, error), *value = NULL;

        if (name == NULL ||
            !store_load_setting(r->context->view, &r->context->log, name, ZW_SEQ_OPEN - 1, &value, error))
                return false;
        if (value != NULL)
                setting_emit(r, link, name, json_null());
        return true;
}

bool resolve_confirm(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "from", "type", "to", "as", "revs" };
        const char *type;
        KnownLink link;

        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error) ||
            !resolver_find_link(r, op, &link, error) || !may_judge(r, &link, error) ||
            !revs_check(&link, op, error))
                return false;
        type = link_type_def(link.type)->name;
        if (!is_suspect(&link)) {
                resolver_count(r, "unchanged", type);
                return true;
        }
        link.judged[0] = link.from->subst;
        link.judged[1] = link.to->subst;
        resolver_emit(r, NULL,
                      json_pack("{s:s, s:s, s:s, s:s, s:s, s:[i, i]}", "op", "judge", "from", link.from->id,
                                "type", type, "to", link.to->id, "as", as_name(link.as), "judged",
                                (int)link.judged[0], (int)link.judged[1]));
        resolver_count(r, "confirmed", type);
        return deferral_end(r, &link, error);
}

/* Why and until when. */
static bool deferral_read(const json_t *op, const char **ret_reason, const char **ret_until, GError **error)
{
        const char *reason = jread_get_string(op, "reason"), *until = jread_get_string(op, "until");
        Instant day;

        if (reason == NULL || reason[0] == '\0' || strlen(reason) > REASON_MAX) {
                error_set(error, ZW_ERR_INPUT, "/reason", "a reason of 1 to %d bytes is needed", REASON_MAX);
                return false;
        }
        if (until == NULL || strlen(until) != DATE_CHARS || !instant_parse(until, &day, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/until", "a day such as 2026-03-01 is needed");
                return false;
        }
        *ret_reason = reason;
        *ret_until = until;
        return true;
}

bool resolve_defer(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "from", "type", "to", "as", "revs", "reason", "until" };
        g_autofree char *name = NULL;
        const char *reason, *until;
        char person[ZW_ID_HEX];
        KnownLink link;

        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error) ||
            !resolver_find_link(r, op, &link, error) || !may_judge(r, &link, error) ||
            !revs_check(&link, op, error) || !deferral_read(op, &reason, &until, error))
                return false;
        if (!is_suspect(&link)) {
                error_set(error, ZW_ERR_STATE, "/from", "%s %s %s is not suspect", link.from->key,
                          link_type_def(link.type)->name, link.to->key);
                return false;
        }
        name = name_of(&link, error);
        if (name == NULL)
                return false;
        hex_encode(r->context->actor.b, ZW_ID_BYTES, person);
        setting_emit(r, &link, name,
                     json_pack("{s:s, s:s, s:s, s:[i, i]}", "until", until, "reason", reason, "person",
                               person, "substantive", (int)link.from->subst, (int)link.to->subst));
        resolver_count(r, "deferred", link_type_def(link.type)->name);
        return true;
}
