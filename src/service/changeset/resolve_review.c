/* What a reviewer decides on an item that was sent to them. */
#include "service/changeset/resolve.h"
#include "service/changeset/review.h"

#include "base/near.h"

#include <string.h>

static const char *const decision_names[DECISION_COUNT] = { "accepted", "changes", "rejected" };

const char *decision_name(ReviewDecision decision)
{
        return decision_names[decision];
}

bool review_decision_find(const char *name, ReviewDecision *ret_decision)
{
        for (int i = 0; i < DECISION_COUNT; i++)
                if (strcmp(decision_names[i], name) == 0) {
                        *ret_decision = (ReviewDecision)i;
                        return true;
                }
        return false;
}

char *review_prefix(const char *review)
{
        return g_strconcat(ZW_REVIEW_PREFIX, review, " ", NULL);
}

char *review_setting(const char *review, const char *item, const char *person)
{
        return g_strconcat(ZW_REVIEW_PREFIX, review, " ", item, " ", person, NULL);
}

/* A review that goes on, of which the item is one and the caller a reviewer. */
static bool part_check(Resolver *r, const Known *review, const Known *item, const char *person,
                       GError **error)
{
        const json_t *attrs = json_object_get(review->members, "attrs"), *one,
                     *reviewers = json_object_get(attrs, "reviewers");
        bool asked = false;
        size_t i;

        json_array_foreach(reviewers, i, one) asked = asked || g_strcmp0(json_string_value(one), person) == 0;
        if (review->kind != ZW_KIND_REVIEW)
                error_set(error, ZW_ERR_METAMODEL, "/review", "%s is no review", review->key);
        else if (review->state != ZW_STATE_OPEN && review->state != ZW_STATE_IN_PROGRESS)
                error_set(error, ZW_ERR_STATE, review->key, "the review %s is %s", review->key,
                          state_def(review->state)->name);
        else if (json_object_get(json_object_get(attrs, "sent"), item->key) == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, "/item", "%s was not sent with %s", item->key,
                          review->key);
        else if (!asked)
                error_set(error, ZW_ERR_DENIED, review->key, "only who was asked decides in %s", review->key);
        else
                return resolver_may(r, ZW_PERM_COMMENT, "a decision", error);
        return false;
}

bool resolve_decide(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "review", "item", "decision", "rev" };
        const char *text = jread_get_string(op, "decision");
        char person[ZW_ID_HEX], now[ZW_INSTANT_TEXT];
        g_autofree char *near = near_names(text == NULL ? "" : text, decision_names, DECISION_COUNT),
                        *name = NULL;
        Known *review, *item;
        ReviewDecision decision;

        hex_encode(r->context->actor.b, ZW_ID_BYTES, person);
        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error) ||
            !resolver_find_named(r, op, "review", &review, error) ||
            !resolver_find_named(r, op, "item", &item, error) || !resolver_rev_check(item, op, error) ||
            !part_check(r, review, item, person, error))
                return false;
        if (text == NULL || !review_decision_find(text, &decision)) {
                error_set(error, ZW_ERR_INPUT, "/decision", "a decision is accepted, changes or rejected%s",
                          near);
                return false;
        }
        instant_format(instant_now(), now);
        name = review_setting(review->id, item->id, person);
        resolver_touch(r, item->id);
        resolver_emit(r, NULL,
                      json_pack("{s:s, s:s, s:{s:s, s:i, s:s}}", "op", "setting", "name", name, "value",
                                "decision", text, "rev", (int)item->rev, "time", now));
        return true;
}
