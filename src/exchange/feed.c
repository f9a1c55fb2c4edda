#include "exchange/feed.h"

#include <string.h>

static void put_text(json_t *object, const char *name, const char *text)
{
        if (text != NULL && text[0] != '\0' && g_utf8_validate(text, -1, NULL))
                json_object_set_new(object, name, json_string(text));
}

static json_t *vulnerability_of(json_t *assertions)
{
        return json_array_get(json_object_get(assertions, "vulnerabilities"), 0);
}

/* The list or object `name`, made when it is not there. */
static json_t *member(json_t *object, const char *name, json_t *(*make)(void))
{
        if (json_object_get(object, name) == NULL)
                json_object_set_new(object, name, make());
        return json_object_get(object, name);
}

/* Some write times without an offset, and mean UTC. */
static char *time_of(const char *text)
{
        const char *clock = text == NULL ? NULL : strchr(text, 'T');

        if (clock == NULL)
                return g_strdup(text);
        return g_strconcat(text, strpbrk(clock, "Z+-") == NULL ? "Z" : "", NULL);
}

json_t *feed_assertions_new(const char *source, const char *id, const char *publisher, const char *title,
                            const char *modified)
{
        json_t *assertions = json_pack("{s:i, s:s, s:s, s:[], s:[{s:s}]}", "format", 1, "system", source,
                                       "id", id, "products", "vulnerabilities", "id", id);
        g_autofree char *released = time_of(modified);

        put_text(assertions, "publisher", publisher);
        put_text(assertions, "title", title);
        put_text(assertions, "released", released);
        put_text(vulnerability_of(assertions), "title", title);
        return assertions;
}

int feed_product_add(json_t *assertions, json_t *product)
{
        json_t *products = json_object_get(assertions, "products");

        json_array_append_new(products, product);
        return (int)json_array_size(products) - 1;
}

void feed_status_add(json_t *assertions, const char *status, int product)
{
        json_t *statuses = member(vulnerability_of(assertions), "status", json_object);

        json_array_append_new(member(statuses, status, json_array), json_integer(product));
}

void feed_cwe_add(json_t *assertions, const char *cwe)
{
        json_t *cwes = member(vulnerability_of(assertions), "cwes", json_array), *value;
        size_t i;

        json_array_foreach(cwes, i, value) if (strcmp(json_string_value(value), cwe) == 0) return;
        json_array_append_new(cwes, json_string(cwe));
}

void feed_score_add(json_t *assertions, JVal data)
{
        const size_t n = json_array_size(json_object_get(assertions, "products"));
        json_t *score, *products = json_array();
        char text[16];
        double base;

        score = json_object();
        put_text(score, "version", jval_get_text(data, "version"));
        put_text(score, "vector", jval_get_text(data, "vectorString"));
        if (jval_get_text(data, "baseSeverity") != NULL) {
                g_autofree char *severity = g_ascii_strdown(jval_get_text(data, "baseSeverity"), -1);

                put_text(score, "severity", severity);
        }
        if (jval_real(jval_get(data, "baseScore"), &base) && base >= 0 && base <= 10) {
                g_ascii_formatd(text, sizeof(text), "%.1f", base);
                put_text(score, "score", text);
        }
        for (size_t i = 0; i < n; i++)
                json_array_append_new(products, json_integer((json_int_t)i));
        json_object_set_new(score, "products", products);
        json_array_append_new(member(vulnerability_of(assertions), "scores", json_array), score);
}

char *feed_range(const char *from, bool from_inside, const char *to, bool to_inside)
{
        if (from == NULL && to == NULL)
                return NULL;
        if (from == NULL)
                return g_strdup_printf("vers:generic/%s%s", to_inside ? "<=" : "<", to);
        if (to == NULL)
                return g_strdup_printf("vers:generic/%s%s", from_inside ? ">=" : ">", from);
        return g_strdup_printf("vers:generic/%s%s|%s%s", from_inside ? ">=" : ">", from,
                               to_inside ? "<=" : "<", to);
}

void feed_record(Sink *sink, const char *source, const char *id, const char *modified, json_t *body)
{
        g_autofree char *time = time_of(modified);

        sink_op(sink, json_pack("{s:s, s:s, s:s, s:s, s:o}", "op", "feed", "source", source, "id", id,
                                "modified", time == NULL ? "" : time, "body", body));
}

void feed_end(Sink *sink, const char *source, int64_t declared, int64_t held)
{
        sink_op(sink, json_pack("{s:s, s:s, s:I, s:I}", "op", "feed_end", "source", source, "declared",
                                (json_int_t)declared, "held", (json_int_t)held));
}
