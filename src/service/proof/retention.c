/* What is signed is kept its time; what is personal can be erased at any time, with all proofs still holding. */
#include "service/proof/retention.h"

#include <string.h>

/* ---- how long ---- */

static bool years_load(StoreView *view, const Id *log, int64_t *ret_years, GError **error)
{
        g_autofree char *text = NULL;
        g_autoptr(Json) value = NULL;

        if (!store_load_setting(view, log, ZW_RETENTION_SETTING, ZW_SEQ_OPEN - 1, &text, error))
                return false;
        value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
        *ret_years = json_is_integer(value) ? json_integer_value(value) : ZW_RETENTION_YEARS;
        return true;
}

static bool newest_see(const SignatureRev *signature, void *payload, GError **error G_GNUC_UNUSED)
{
        Instant *newest = payload;

        *newest = MAX(*newest, signature->time);
        return true;
}

/* When something was last signed; 0 when nothing was. */
static bool newest_load(StoreView *view, const Id *log, Instant *ret_newest, GError **error)
{
        *ret_newest = 0;
        return store_each_signature(view, log, ZW_ITEM_NONE, ZW_SEQ_OPEN - 1, newest_see, ret_newest, error);
}

static Instant years_later(Instant time, int64_t years)
{
        g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc(time / 1000);
        g_autoptr(GDateTime) until = g_date_time_add_years(from, (gint)years);

        return g_date_time_to_unix(until) * 1000;
}

bool retention_check(StoreView *view, const StoreProject *project, GError **error)
{
        char shown[ZW_INSTANT_TEXT];
        Instant newest, until;
        int64_t years;

        if (project->sample)
                return true; /* it is nobody's evidence */
        if (!years_load(view, &project->log, &years, error) ||
            !newest_load(view, &project->log, &newest, error))
                return false;
        until = newest == 0 ? 0 : years_later(newest, years);
        if (until <= instant_now())
                return true;
        instant_format(until, shown);
        error_set(error, ZW_ERR_STATE, project->key,
                  "what is signed in %s is kept %" G_GINT64_FORMAT
                  " years from the last signature, until %.10s",
                  project->key, years, shown);
        return false;
}

bool retention_setting_check(StoreView *view, const Id *log, const json_t *value, GError **error)
{
        const json_int_t years = json_integer_value(value);
        Instant newest;
        int64_t now;

        if (!json_is_integer(value) || years < 1 || years > ZW_RETENTION_YEARS_MAX) {
                error_set(error, ZW_ERR_INPUT, "/value", "a number of years is expected, from 1 to %d",
                          (int)ZW_RETENTION_YEARS_MAX);
                return false;
        }
        if (!years_load(view, log, &now, error) || !newest_load(view, log, &newest, error))
                return false;
        if (newest == 0 || years >= now)
                return true;
        error_set(error, ZW_ERR_STATE, "/value",
                  "something is signed already, to be kept %" G_GINT64_FORMAT
                  " years: this can only be raised",
                  now);
        return false;
}

/* ---- erasing ---- */

/* A place of the log that holds something erasable. */
typedef struct {
        Seq seq;
        int op;
        char field[256]; /* "" for the message */
} Piece;

typedef struct {
        Call *call;
        const char *id;    /* of the item, hex; NULL for all */
        const char *field; /* or NULL for all personal attributes */
        GArray *pieces;    /* of Piece */
        JWrite *w;         /* rows are written, too; or NULL */
        Seq seq;
        int op;
        bool of_item; /* the operation at work is of the item */
        char key[ZW_ITEM_KEY_MAX + 1];
} Finding;

static bool op_is_of_item(Finding *finding, const char *text, size_t n, GError **error)
{
        g_autoptr(Json) op = jread_parse(text, n, NULL);
        const char *hex = jread_get_string(op, "id");
        g_autoptr(StoreItem) item = NULL;
        Id id;

        finding->key[0] = '\0';
        finding->of_item = hex != NULL && (finding->id == NULL || strcmp(hex, finding->id) == 0) &&
                           json_object_get(json_object_get(op, "set"), "attrs") != NULL;
        if (!finding->of_item || !hex_decode(hex, id.b, ZW_ID_BYTES, NULL))
                return true;
        item = store_item_by_id(finding->call->view, &finding->call->project->log, &id, ZW_SEQ_OPEN - 1,
                                error);
        if (item != NULL)
                g_strlcpy(finding->key, store_item_rev(item)->key, sizeof finding->key);
        return item != NULL;
}

static void row_write(const Finding *finding, const char *field)
{
        jwrite_object_begin(finding->w);
        jwrite_key_string(finding->w, "item", finding->key);
        jwrite_key_string(finding->w, "field", field);
        jwrite_key_int(finding->w, "commit", (int64_t)finding->seq);
        jwrite_object_end(finding->w);
}

static bool piece_see(const StorePiece *piece, void *payload, GError **error)
{
        Finding *finding = payload;
        Piece found = { .seq = finding->seq, .op = piece->op };

        if (piece->op < 0)
                return true;
        if (piece->field[0] == '\0')
                return piece->salt == NULL || op_is_of_item(finding, piece->bytes, piece->n, error);
        if (piece->salt == NULL || !finding->of_item ||
            (finding->field != NULL && strcmp(piece->field, finding->field) != 0))
                return true;
        g_strlcpy(found.field, piece->field, sizeof found.field);
        g_array_append_val(finding->pieces, found);
        if (finding->w != NULL)
                row_write(finding, piece->field);
        return true;
}

static bool pieces_find(Finding *finding, GError **error)
{
        for (finding->seq = 1; finding->seq <= finding->call->project->head; finding->seq++)
                if (!store_each_piece(finding->call->view, &finding->call->project->log, finding->seq,
                                      piece_see, finding, error))
                        return false;
        return true;
}

static bool item_id(const Call *call, char ret_hex[ZW_ID_HEX], bool *ret_any, GError **error)
{
        const char *key = jread_get_string(call->input, "key");
        g_autoptr(StoreItem) item = NULL;

        *ret_any = key != NULL && key[0] != '\0';
        if (!*ret_any)
                return true;
        item = store_item_by_key(call->view, &call->project->log, key, ZW_SEQ_OPEN - 1, error);
        if (item != NULL)
                hex_encode(store_item_rev(item)->id.b, ZW_ID_BYTES, ret_hex);
        return item != NULL;
}

bool usecase_personal_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GArray) pieces = g_array_new(FALSE, TRUE, sizeof(Piece));
        char hex[ZW_ID_HEX];
        bool any;
        Finding finding = { .call = call, .pieces = pieces, .w = w };

        if (!item_id(call, hex, &any, error))
                return false;
        finding.id = any ? hex : NULL;
        jwrite_array_begin(w);
        if (!pieces_find(&finding, error))
                return false;
        jwrite_array_end(w);
        return true;
}

typedef struct {
        Call *call;
        const GArray *pieces;
        const char *object; /* for the audit trail */
} Erasing;

static bool erase_write(StoreTxn *txn, void *payload, GError **error)
{
        const Erasing *erasing = payload;

        for (guint i = 0; i < erasing->pieces->len; i++) {
                const Piece *piece = &g_array_index(erasing->pieces, Piece, i);

                if (!store_txn_erase(txn, &erasing->call->project->log, piece->seq, piece->op,
                                     piece->op < 0 ? NULL : piece->field, error))
                        return false;
        }
        return call_audit(erasing->call, txn, "personal.erase", erasing->object, "ok", error);
}

/* The message of a commit, or personal values of an item: what the input names. */
static bool pieces_choose(Call *call, GArray *pieces, char **ret_object, GError **error)
{
        const char *field = jread_get_string(call->input, "field");
        const int64_t commit = jread_get_int(call->input, "commit", 0);
        const Piece message = { .seq = (Seq)commit, .op = -1 };
        char hex[ZW_ID_HEX];
        bool any;
        Finding finding = { .call = call, .field = field, .pieces = pieces, .id = hex };

        if (!item_id(call, hex, &any, error))
                return false;
        if (any == (commit > 0)) {
                error_set(
                        error, ZW_ERR_USAGE, "/key",
                        "name an item whose personal values are to be erased, or a commit whose message is");
                return false;
        }
        if (!any) {
                g_array_append_val(pieces, message);
                *ret_object = g_strdup_printf("message of commit %" G_GINT64_FORMAT, commit);
                return true;
        }
        *ret_object = g_strdup_printf("%s of %s", field == NULL ? "personal values" : field,
                                      jread_get_string(call->input, "key"));
        if (!pieces_find(&finding, error))
                return false;
        if (pieces->len > 0)
                return true;
        error_set(error, ZW_ERR_NOT_FOUND, "/key", "there is nothing personal that is not erased already");
        return false;
}

bool usecase_personal_erase(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GArray) pieces = g_array_new(FALSE, TRUE, sizeof(Piece));
        g_autofree char *object = NULL;
        Erasing erasing = { .call = call, .pieces = pieces };

        if (!jread_get_bool(call->input, "yes", false)) {
                error_set(
                        error, ZW_ERR_USAGE, "/yes",
                        "what is erased cannot be brought back; backups hold it until they are made anew: say --yes");
                return false;
        }
        if (!pieces_choose(call, pieces, &object, error))
                return false;
        erasing.object = object;
        if (!store_write(call->service->store, erase_write, &erasing, error))
                return false;
        service_forget_graph(call->service, &call->project->log);
        jwrite_object_begin(w);
        jwrite_key_string(w, "erased", object);
        jwrite_key_int(w, "pieces", pieces->len);
        jwrite_object_end(w);
        return true;
}
