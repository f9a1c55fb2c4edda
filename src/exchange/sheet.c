#include "exchange/sheet.h"

#include "base/hash.h"
#include "exchange/sheet_table.h"
#include "exchange/sheet_value.h"
#include "model/catalogue.h"

#include <string.h>

typedef struct {
        char *header;
        SheetMember member;
        char *extra; /* under which name its cells are kept when no attribute takes them; unique in the sheet */
        size_t unfit; /* cells that the attribute it was guessed to be does not take */
} Column;

typedef struct {
        char *parent, *child;
        size_t row;
} ParentLink;

struct Sheet {
        Sink *sink;
        char *system;
        const char *row_word;
        bool figures_only;
        Profile profile;
        GArray *header;      /* of Column; empty until the header is read */
        GHashTable *names;   /* of extra columns, borrowed */
        GHashTable *ids;     /* id → row */
        GArray *links;       /* of ParentLink */
        json_t *layout;      /* notes on the layout */
        json_t *table;       /* the first rows, when only figures are wanted; else NULL */
        GHashTable *all_ids; /* of a scan, or NULL */
        bool scanning;
        bool usable, colons; /* the header has an id; some ids have a colon */
        const Column *unfit; /* the first column of the row whose cell does not fit, or NULL */
        GPtrArray *early;    /* of EarlyRow: rows of which none was the header so far */
        size_t header_row;   /* where it was found */
};

/* Where a profile does not say it, the header is looked for in so many rows that say anything. */
enum { EARLY_ROWS_MAX = 20 };

typedef struct {
        size_t row;
        GStrv cells; /* with an empty text for an empty cell */
        size_t n;
} EarlyRow;

static void early_free(gpointer data)
{
        EarlyRow *early = data;

        g_strfreev(early->cells);
        g_free(early);
}

static void column_clear(gpointer data)
{
        Column *column = data;

        g_free(column->header);
        g_free(column->extra);
}

static void link_clear(gpointer data)
{
        ParentLink *link = data;

        g_free(link->parent);
        g_free(link->child);
}

Sheet *sheet_new(const Source *source, const char *system, const char *row, Sink *sink, GError **error)
{
        g_autoptr(Sheet) sheet = g_new0(Sheet, 1);

        sheet->sink = sink;
        sheet->row_word = row;
        sheet->figures_only = source->figures_only;
        sheet->header = g_array_new(FALSE, TRUE, sizeof(Column));
        g_array_set_clear_func(sheet->header, column_clear);
        sheet->links = g_array_new(FALSE, TRUE, sizeof(ParentLink));
        g_array_set_clear_func(sheet->links, link_clear);
        sheet->names = hash_table_new_text(NULL, NULL);
        sheet->ids = hash_table_new_text(g_free, NULL);
        sheet->early = g_ptr_array_new_with_free_func(early_free);
        sheet->layout = json_object();
        sheet->table = source->figures_only ? sheet_table_new() : NULL;
        if (!profile_read(source->profile, &sheet->profile, error))
                return NULL;
        sheet->system = g_strdup_printf("%s:%s", system,
                                        sheet->profile.name != NULL ? sheet->profile.name : source->name);
        return g_steal_pointer(&sheet);
}

void sheet_free(Sheet *sheet)
{
        if (sheet == NULL)
                return;
        g_array_unref(sheet->header);
        g_array_unref(sheet->links);
        g_hash_table_unref(sheet->names);
        g_hash_table_unref(sheet->ids);
        g_ptr_array_unref(sheet->early);
        g_clear_pointer(&sheet->all_ids, g_hash_table_unref);
        json_decref(sheet->layout);
        json_decref(sheet->table);
        g_free(sheet->system);
        g_free(sheet);
}

const Profile *sheet_profile(const Sheet *sheet)
{
        return &sheet->profile;
}

void sheet_note(Sheet *sheet, const char *member, const char *text)
{
        json_object_set_new(sheet->layout, member, json_string(text));
}

void sheet_note_choice(Sheet *sheet, json_t *names)
{
        if (sheet->table != NULL)
                json_object_set(sheet->table, "sheets", names);
        json_decref(names);
}

static char *place(const Sheet *sheet, size_t row)
{
        return g_strdup_printf("%s %zu", sheet->row_word, row);
}

/* ---- header ---- */

static bool is_taken(const Sheet *sheet, const SheetMember *member)
{
        for (guint i = 0; i < sheet->header->len; i++) {
                const SheetMember *other = &g_array_index(sheet->header, Column, i).member;

                if (other->target == member->target && other->attr == member->attr &&
                    other->part == member->part && other->link == member->link &&
                    other->incoming == member->incoming)
                        return true;
        }
        return false;
}

/* The first of two columns for the same member wins, and the other is kept as it is. */
static void column_add(Sheet *sheet, const char *header)
{
        const guint number = sheet->header->len + 1;
        Column column = { .header = g_strstrip(g_strdup(header == NULL ? "" : header)) };

        column.extra = column.header[0] == '\0' || g_hash_table_contains(sheet->names, column.header)
                               ? g_strdup_printf("%s (%u)", column.header, number)
                               : g_strdup(column.header);
        g_strstrip(column.extra);
        g_hash_table_add(sheet->names, column.extra);
        column.member = profile_member_of(&sheet->profile, column.extra);
        if (column.member.target < SHEET_EXTRA && is_taken(sheet, &column.member))
                column.member = (SheetMember){ .name = "extra", .target = SHEET_EXTRA };
        g_array_append_val(sheet->header, column);
}

/* Members that no column is for sure go to the first that may be. */
static void columns_guess(Sheet *sheet)
{
        for (guint i = 0; i < sheet->header->len; i++) {
                Column *column = &g_array_index(sheet->header, Column, i);
                SheetMember guess;

                if (column->member.target != SHEET_EXTRA)
                        continue;
                guess = profile_member_guess(&sheet->profile, column->extra);
                if (guess.target < SHEET_EXTRA && !is_taken(sheet, &guess))
                        column->member = guess;
        }
}

static bool header_names(const Sheet *sheet, const char *name)
{
        for (guint i = 0; i < sheet->header->len; i++)
                if (strcmp(g_array_index(sheet->header, Column, i).extra, name) == 0)
                        return true;
        return false;
}

static char *header_list(const Sheet *sheet)
{
        g_autoptr(GString) list = g_string_new(NULL);

        for (guint i = 0; i < sheet->header->len && list->len < 500; i++)
                g_string_append_printf(list, "%s\"%.60s\"", i == 0 ? "" : ", ",
                                       g_array_index(sheet->header, Column, i).header);
        return g_utf8_make_valid(list->str, (gssize)list->len);
}

/* Every column of the profile must be there, and one for the id. Of what is only scanned nothing is refused: another sheet may
 * have them, and reading says what lacks. */
static bool header_check(Sheet *sheet, const char *where, GError **error)
{
        const SheetMember id = { .name = "id", .target = SHEET_ID };
        g_autofree char *list = header_list(sheet);
        const char *member;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)sheet->profile.columns, member, value)
        {
                if (header_names(sheet, json_string_value(value)) || sheet->scanning)
                        continue;
                error_set(error, ZW_ERR_INPUT, where, "there is no column \"%s\" for %s; the header has %s",
                          json_string_value(value), member, list);
                return false;
        }
        sheet->usable = is_taken(sheet, &id);
        if (sheet->usable || sheet->scanning)
                return true;
        if (sheet->figures_only)
                sink_problem(sheet->sink, where, "no column is known to hold the id; the header has %s",
                             list);
        else
                error_set(error, ZW_ERR_INPUT, where,
                          "no column is known to hold the id; name it in a profile; the header has %s", list);
        return sheet->figures_only;
}

void sheet_scan_begin(Sheet *sheet)
{
        sheet->scanning = true;
        g_clear_pointer(&sheet->all_ids, g_hash_table_unref);
        sheet->all_ids = hash_table_new_text(g_free, NULL);
}

bool sheet_wants_scan(const Sheet *sheet)
{
        const SheetMember parents = { .name = "parents", .target = SHEET_PARENTS };

        return !sheet->figures_only && (sheet->header->len == 0 || is_taken(sheet, &parents));
}

static void header_drop(Sheet *sheet)
{
        g_hash_table_remove_all(sheet->names);
        g_array_set_size(sheet->header, 0);
}

void sheet_scan_end(Sheet *sheet)
{
        sheet->scanning = false;
        g_ptr_array_set_size(sheet->early, 0);
        header_drop(sheet);
}

static void columns_add(Sheet *sheet, const char *const *cells, size_t n)
{
        for (size_t i = 0; i < n; i++)
                column_add(sheet, cells[i]);
}

bool sheet_header(Sheet *sheet, size_t row, const char *const *cells, size_t n, GError **error)
{
        g_autofree char *where = place(sheet, row);

        columns_add(sheet, cells, n);
        sheet->header_row = row;
        return header_check(sheet, where, error);
}

/* ---- where the header is ---- */

/* Whether the columns are those of a table: all that the profile names; else one for the id and, below the first row, another
 * that is known, since a remark can be called like an id. */
static bool header_fits(const Sheet *sheet)
{
        const SheetMember id = { .name = "id", .target = SHEET_ID };
        const char *member;
        json_t *value;
        guint known = 0;

        json_object_foreach((json_t *)(uintptr_t)sheet->profile.columns, member, value)
        {
                if (!header_names(sheet, json_string_value(value)))
                        return false;
        }
        for (guint i = 0; i < sheet->header->len; i++)
                known += g_array_index(sheet->header, Column, i).member.target < SHEET_EXTRA;
        return is_taken(sheet, &id) && (known > 1 || sheet->early->len == 0);
}

static void early_add(Sheet *sheet, size_t row, const char *const *cells, size_t n)
{
        EarlyRow *early = g_new0(EarlyRow, 1);

        early->row = row;
        early->n = n;
        early->cells = g_new0(char *, n + 1);
        for (size_t i = 0; i < n; i++)
                early->cells[i] = g_strdup(cells[i] == NULL ? "" : cells[i]);
        g_ptr_array_add(sheet->early, early);
}

/* None is like a header: the first row is, and what it lacks is said of it. */
static bool header_give_up(Sheet *sheet, GError **error)
{
        g_autoptr(GPtrArray) rows = g_steal_pointer(&sheet->early);

        sheet->early = g_ptr_array_new_with_free_func(early_free);
        for (guint i = 0; i < rows->len; i++) {
                const EarlyRow *early = rows->pdata[i];

                if (i == 0 ? !sheet_header(sheet, early->row, (const char *const *)early->cells, early->n,
                                           error)
                           : !sheet_row(sheet, early->row, (const char *const *)early->cells, early->n,
                                        error))
                        return false;
        }
        return true;
}

static void header_found(Sheet *sheet, size_t row)
{
        g_autofree char *where = NULL;

        sheet->usable = true;
        sheet->header_row = row;
        if (sheet->early->len == 0 || sheet->scanning)
                return;
        where = place(sheet, row);
        sink_lost(sheet->sink, where, "%u rows above this one, which is the header", sheet->early->len);
}

static bool header_seek(Sheet *sheet, size_t row, const char *const *cells, size_t n, GError **error)
{
        if (sheet->profile.header_row > 0)
                return row < (size_t)sheet->profile.header_row || sheet_header(sheet, row, cells, n, error);
        columns_add(sheet, cells, n);
        columns_guess(sheet);
        if (header_fits(sheet)) {
                header_found(sheet, row);
                return true;
        }
        header_drop(sheet);
        early_add(sheet, row, cells, n);
        return sheet->early->len < EARLY_ROWS_MAX || header_give_up(sheet, error);
}

bool sheet_is_decided(const Sheet *sheet)
{
        return sheet->header->len > 0;
}

bool sheet_is_usable(const Sheet *sheet)
{
        return sheet->header->len > 0 && sheet->usable;
}

/* ---- rows ---- */

/* Whether the links to parents say all that the cell says: each part is the id of a row. */
static bool parents_are_known(const Sheet *sheet, const char *text)
{
        g_auto(GStrv) parts = g_strsplit_set(text, ",;\n\r", -1);

        for (char **part = parts; *part != NULL; part++)
                if (*g_strstrip(*part) != '\0' && !g_hash_table_contains(sheet->all_ids, *part))
                        return false;
        return true;
}

static void parents_add(Sheet *sheet, size_t row, const char *child, const char *text)
{
        g_auto(GStrv) parts = g_strsplit_set(text, ",;\n\r", -1);

        for (char **part = parts; *part != NULL; part++) {
                ParentLink link = { .row = row };

                if (*g_strstrip(*part) == '\0')
                        continue;
                link.parent = g_strdup(*part);
                link.child = g_strdup(child);
                g_array_append_val(sheet->links, link);
        }
}

static void extra_take(const Column *column, const char *text, json_t *attrs)
{
        json_t *extra = json_object_get(attrs, "extra");

        if (extra == NULL) {
                extra = json_object();
                json_object_set_new(attrs, "extra", extra);
        }
        json_object_set_new(extra, column->extra, json_string(text));
}

/* What a column was only guessed to be must not cost a row: what does not fit is kept as it is. */
static void attr_take(Sheet *sheet, Column *column, const char *text, json_t *attrs)
{
        bool fits;
        json_t *value = sheet_value(&sheet->profile, &column->member, text, &fits);

        if (fits || sheet->profile.columns != NULL || sheet->profile.component != NULL) {
                sheet_value_put(&column->member, value, attrs);
                if (!fits && sheet->unfit == NULL)
                        sheet->unfit = column;
                return;
        }
        json_decref(value);
        column->unfit++;
        extra_take(column, text, attrs);
}

/* Links to or from the items whose keys the cell names; they go behind the item. */
static void links_take(const Sheet *sheet, const Column *column, const char *where, const char *id,
                       const char *text, json_t *links)
{
        g_autoptr(Json) keys = sheet_split(text);
        const json_t *key;
        size_t i;

        json_array_foreach(keys, i, key)
        {
                json_t *item = json_pack("{s:[s, s]}", "source", sheet->system, id);
                json_t *other = json_string(json_string_value(key));

                json_array_append_new(links, json_pack("{s:s, s:s, s:o, s:s, s:o}", "op", "link", "where",
                                                       where, "from", column->member.incoming ? other : item,
                                                       "type", column->member.name, "to",
                                                       column->member.incoming ? item : other));
        }
}

/* A title for what has none: the first words of its text. */
char *sheet_title(const char *body, const char *id)
{
        enum { TITLE_CHARACTERS = 120 };
        g_autofree char *line = g_strndup(body == NULL ? "" : body,
                                          strcspn(body == NULL ? "" : body, "\r\n"));
        char *space;

        g_strstrip(line);
        if (*line == '\0')
                return g_strdup(id);
        if (g_utf8_strlen(line, -1) <= TITLE_CHARACTERS)
                return g_steal_pointer(&line);
        *g_utf8_offset_to_pointer(line, TITLE_CHARACTERS - 1) = '\0';
        space = strrchr(line, ' ');
        if (space != NULL)
                *space = '\0';
        return g_strdup_printf("%s…", line);
}

/* Puts a cell where its column says. */
static void cell_take(Sheet *sheet, Column *column, size_t row, const char *id, const char *text,
                      json_t *item)
{
        json_t *attrs = json_object_get(item, "attrs");

        switch (column->member.target) {
        case SHEET_ID:
        case SHEET_NOTHING:
        case SHEET_LINK: /* links_take */
                break;
        case SHEET_TITLE:
        case SHEET_BODY:
        case SHEET_OWNER:
                json_object_set_new(item, column->member.name, json_string(text));
                break;
        case SHEET_TAGS:
                json_object_set_new(item, "tags", sheet_split(text));
                break;
        case SHEET_PARENTS:
                parents_add(sheet, row, id, text);
                if (sheet->all_ids != NULL && !parents_are_known(sheet, text))
                        extra_take(column, text, attrs);
                break;
        case SHEET_ATTR:
                attr_take(sheet, column, text, attrs);
                break;
        case SHEET_EXTRA:
                extra_take(column, text, attrs);
                break;
        }
}

static char *id_of(const Sheet *sheet, const char *const *cells, size_t n)
{
        for (size_t i = 0; i < MIN(n, sheet->header->len); i++)
                if (g_array_index(sheet->header, Column, i).member.target == SHEET_ID && cells[i] != NULL)
                        return g_strstrip(g_strdup(cells[i]));
        return g_strdup("");
}

static bool id_check(Sheet *sheet, size_t row, const char *where, const char *id)
{
        gpointer first = g_hash_table_lookup(sheet->ids, id);

        if (*id == '\0')
                sink_refuse(sheet->sink, where, "the id is empty");
        else if (first != NULL)
                sink_refuse(sheet->sink, where, "the id \"%s\" is that of %s %zu already", id,
                            sheet->row_word, GPOINTER_TO_SIZE(first));
        else
                g_hash_table_insert(sheet->ids, g_strdup(id), GSIZE_TO_POINTER(row));
        sheet->colons = sheet->colons || strchr(id, ':') != NULL;
        return *id != '\0' && first == NULL;
}

/* Cells beyond the header are in columns without one. */
static void columns_reach(Sheet *sheet, const char *const *cells, size_t n)
{
        for (size_t i = sheet->header->len; i < n; i++)
                if (cells[i] != NULL && cells[i][0] != '\0')
                        while (sheet->header->len <= i)
                                column_add(sheet, NULL);
}

/* A row that says nothing in any column of the profile: a second line of headers, or a remark below the table. */
static bool is_beside(const Sheet *sheet, const char *const *cells, size_t n)
{
        for (size_t i = 0; i < MIN(n, sheet->header->len); i++)
                if (g_array_index(sheet->header, Column, i).member.target < SHEET_EXTRA && cells[i] != NULL &&
                    cells[i][0] != '\0')
                        return false;
        return sheet->profile.columns != NULL;
}

static void row_refuse(Sheet *sheet, const char *where, const GError *why)
{
        if (sheet->unfit == NULL)
                sink_refuse(sheet->sink, where, "%s", why->message);
        else
                sink_refuse(sheet->sink, where, "column \"%s\": %s", sheet->unfit->extra, why->message);
}

static void cells_take(Sheet *sheet, size_t row, const char *where, const char *id, const char *const *cells,
                       size_t n, json_t *item, json_t *links)
{
        sheet->unfit = NULL;
        for (size_t i = 0; i < MIN(n, sheet->header->len); i++) {
                Column *column = &g_array_index(sheet->header, Column, i);

                if (cells[i] == NULL || cells[i][0] == '\0')
                        continue;
                if (column->member.target == SHEET_LINK)
                        links_take(sheet, column, where, id, cells[i], links);
                else
                        cell_take(sheet, column, row, id, cells[i], item);
        }
}

/* In a supplier's statement the id of a row is a row of 62443-4-2. */
static bool statement_take(Sheet *sheet, const char *where, const char *id, json_t *item)
{
        const RowId in = catalogue_find_in(STANDARD_4_2, id),
                    row = in != ZW_ROW_NONE ? in : catalogue_find(id);
        g_autofree char *ref = NULL;

        if (row == ZW_ROW_NONE || catalogue_row(row)->standard != STANDARD_4_2) {
                sink_refuse(sheet->sink, where, "\"%s\" is no row of 62443-4-2", id);
                return false;
        }
        if (catalogue_row(row)->types == 0) {
                sink_refuse(sheet->sink, where,
                            "%s asks nothing of a component itself: see the rows of its type", id);
                return false;
        }
        ref = catalogue_ref(row);
        json_object_set_new(item, "supplier",
                            json_pack("{s:s, s:s}", "component", sheet->profile.component, "ref", ref));
        if (json_object_get(item, "title") == NULL)
                json_object_set_new(item, "title",
                                    json_sprintf("%s of %s", catalogue_row(row)->id,
                                                 sheet->profile.component));
        return true;
}

static void row_take(Sheet *sheet, size_t row, const char *const *cells, size_t n)
{
        g_autofree char *where = place(sheet, row), *id = id_of(sheet, cells, n), *title = NULL;
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) item = NULL, links = json_array();
        json_t *link;
        size_t i;

        if (is_beside(sheet, cells, n)) {
                sink_problem(sheet->sink, where, "no column of the profile says anything: passed over");
                return;
        }
        if (!id_check(sheet, row, where, id))
                return;
        columns_reach(sheet, cells, n);
        item = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:o}", "op", "item", "where", where, "kind",
                         kind_def(sheet->profile.kind)->name, "source", "system", sheet->system, "id", id,
                         "attrs",
                         sheet->profile.defaults == NULL ? json_object()
                                                         : json_deep_copy(sheet->profile.defaults));
        cells_take(sheet, row, where, id, cells, n, item, links);
        if (!attrs_check(sheet->profile.kind, json_object_get(item, "attrs"), "/attrs", &why)) {
                row_refuse(sheet, where, why);
                return;
        }
        if (sheet->profile.component != NULL && !statement_take(sheet, where, id, item))
                return;
        if (json_object_get(item, "title") == NULL) {
                title = sheet_title(jread_get_string(item, "body"), id);
                json_object_set_new(item, "title", json_string(title));
        }
        sink_op(sheet->sink, g_steal_pointer(&item));
        json_array_foreach(links, i, link) sink_op(sheet->sink, json_incref(link));
}

bool sheet_rows_check(const Sheet *sheet, size_t rows, GError **error)
{
        g_autofree char *where = NULL;

        if (rows <= SHEET_ROWS_MAX)
                return true;
        where = place(sheet, (size_t)SHEET_ROWS_MAX + 1);
        error_set(error, ZW_ERR_LIMIT, where, "a sheet has at most %d rows", SHEET_ROWS_MAX);
        return false;
}

static bool columns_check(const Sheet *sheet, size_t row, size_t n, GError **error)
{
        g_autofree char *where = NULL;

        if (n <= SHEET_COLUMNS_MAX)
                return true;
        where = place(sheet, row);
        error_set(error, ZW_ERR_LIMIT, where, "a sheet has at most %d columns", SHEET_COLUMNS_MAX);
        return false;
}

bool sheet_row(Sheet *sheet, size_t row, const char *const *cells, size_t n, GError **error)
{
        if (!sheet_rows_check(sheet, row, error) || !columns_check(sheet, row, n, error))
                return false;
        if (sheet->header->len == 0)
                return header_seek(sheet, row, cells, n, error);
        if (sheet->table != NULL)
                sheet_table_row(sheet->table, cells, n);
        if (sheet->scanning)
                g_hash_table_add(sheet->all_ids, id_of(sheet, cells, n));
        else if (sheet->usable)
                row_take(sheet, row, cells, n);
        return true;
}

/* ---- the end ---- */

/* Some tools put a fingerprint behind the id, with a colon between. Ids that have colons themselves are whole unless known. */
static void parent_cut(const Sheet *sheet, char *parent)
{
        char *colon = strchr(parent, ':');

        if (colon == NULL || colon == parent || g_hash_table_contains(sheet->ids, parent))
                return;
        *colon = '\0';
        if (sheet->colons && !g_hash_table_contains(sheet->ids, parent))
                *colon = ':';
}

static void links_finish(Sheet *sheet)
{
        for (guint i = 0; i < sheet->links->len; i++) {
                const ParentLink *link = &g_array_index(sheet->links, ParentLink, i);
                g_autofree char *where = place(sheet, link->row);

                parent_cut(sheet, link->parent);
                if (!g_hash_table_contains(sheet->ids, link->parent))
                        sink_problem(sheet->sink, where, "the parent \"%s\" is not in this sheet",
                                     link->parent);
                else if (strcmp(link->parent, link->child) == 0)
                        sink_problem(sheet->sink, where, "\"%s\" names itself as its parent", link->parent);
                else
                        sink_op(sheet->sink,
                                json_pack("{s:s, s:s, s:{s:[s, s]}, s:s, s:{s:[s, s]}}", "op", "link",
                                          "where", where, "from", "source", sheet->system, link->parent,
                                          "type", "derives", "to", "source", sheet->system, link->child));
        }
}

/* How the columns were taken, so that an export gives the same sheet back. */
static json_t *layout_of(const Sheet *sheet)
{
        json_t *columns = json_array();

        for (guint i = 0; i < sheet->header->len; i++) {
                const Column *column = &g_array_index(sheet->header, Column, i);

                json_array_append_new(columns,
                                      json_pack("{s:s, s:s, s:s}", "header", column->header, "to",
                                                column->member.target == SHEET_NOTHING ? ""
                                                                                       : column->member.name,
                                                "extra", column->extra));
        }
        json_object_set_new(sheet->layout, "columns", columns);
        if (sheet->header_row > 1)
                json_object_set_new(sheet->layout, "header_row", json_integer((json_int_t)sheet->header_row));
        return json_incref(sheet->layout);
}

static void table_tell(Sheet *sheet)
{
        g_autoptr(Json) layout = layout_of(sheet);

        sheet_table_finish(sheet->table, layout, sheet->profile.kind);
        sink_table(sheet->sink, sheet->table);
}

bool sheet_finish(Sheet *sheet, GError **error)
{
        if (sheet->header->len == 0 && !header_give_up(sheet, error))
                return false;
        if (sheet->header->len == 0 && !sheet->figures_only) {
                error_set(error, ZW_ERR_INPUT, NULL, "the sheet has no header %s", sheet->row_word);
                return false;
        }
        links_finish(sheet);
        for (guint i = 0; i < sheet->header->len; i++) {
                const Column *column = &g_array_index(sheet->header, Column, i);
                g_autofree char *where = g_strdup_printf("column %u \"%.60s\"", i + 1, column->header);

                if (column->unfit > 0)
                        sink_problem(sheet->sink, where,
                                     "%zu cells are no %s as the model has it, and are kept as they are",
                                     column->unfit, column->member.name);
        }
        /* Only requirements are written back as a sheet. */
        if (sheet->usable && sheet->profile.kind == ZW_KIND_REQUIREMENT)
                sink_op(sheet->sink, json_pack("{s:s, s:s+, s:o}", "op", "setting", "name",
                                               "sheet:", sheet->system, "value", layout_of(sheet)));
        if (sheet->table != NULL)
                table_tell(sheet);
        return true;
}
