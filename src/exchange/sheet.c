#include "exchange/sheet.h"

#include "base/hash.h"
#include "base/near.h"
#include "model/metamodel.h"

#include <string.h>

/* Where a column goes: a member of the item, or an attribute of requirements. */
typedef enum { TO_NOTHING, TO_ID, TO_TITLE, TO_BODY, TO_OWNER, TO_TAGS, TO_PARENTS, TO_ATTR } Target;

typedef struct {
        char *header;
        Target target;
        const AttrDef *attr; /* for TO_ATTR */
        bool ignored;        /* the profile says that it is not wanted */
        size_t lost;         /* cells with content that were not taken */
} Column;

typedef struct {
        char *parent, *child;
        size_t row;
} ParentLink;

struct Sheet {
        Sink *sink;
        char *system;
        bool figures_only;
        const char *name, *encoding, *delimiter, *sheet;
        int64_t header_row;
        json_t *columns, *ignore, *defaults; /* borrowed from the profile, or NULL */
        GArray *header;                      /* of Column; empty until the header is read */
        GHashTable *ids;                     /* id → row */
        GArray *links;                       /* of ParentLink */
        bool usable;                         /* the header has an id */
};

static const struct {
        const char *name;
        Target target;
} members[] = { { "id", TO_ID },       { "title", TO_TITLE }, { "body", TO_BODY },
                { "owner", TO_OWNER }, { "tags", TO_TAGS },   { "parents", TO_PARENTS } };

/* Headers that are understood without a profile, in lower case with only letters and digits left. */
static const struct {
        const char *header, *member;
} known_headers[] = {
        { "id", "id" },
        { "uid", "id" },
        { "reqid", "id" },
        { "requirementid", "id" },
        { "identifier", "id" },
        { "title", "title" },
        { "name", "title" },
        { "reqname", "title" },
        { "shortname", "title" },
        { "body", "body" },
        { "text", "body" },
        { "statement", "body" },
        { "description", "body" },
        { "reqdescription", "body" },
        { "requirement", "body" },
        { "owner", "owner" },
        { "tags", "tags" },
        { "labels", "tags" },
        { "parent", "parents" },
        { "parentuid", "parents" },
        { "parentid", "parents" },
        { "links", "parents" },
        { "ref62443", "ref" },
        { "catalogreference", "ref" },
        { "catalogueref", "ref" },
        { "priority", "priority" },
        { "rationale", "rationale" },
        { "justification", "rationale" },
        { "source", "source" },
        { "discipline", "discipline" },
        { "responsible", "responsible" },
};

/* ---- profile ---- */

static bool member_find(const char *name, Target *ret_target, const AttrDef **ret_attr)
{
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (strcmp(members[i].name, name) == 0) {
                        *ret_target = members[i].target;
                        return true;
                }
        *ret_attr = attr_find(ZW_KIND_REQUIREMENT, name);
        *ret_target = TO_ATTR;
        return *ret_attr != NULL;
}

static bool member_check(const char *name, const char *within, GError **error)
{
        g_autofree char *near = NULL, *where = g_strdup_printf("/%s/%s", within, name);
        g_autoptr(GPtrArray) attrs = NULL, known = NULL;
        const AttrDef *attr;
        Target target;

        if (member_find(name, &target, &attr))
                return true;
        known = g_ptr_array_new_with_free_func(NULL);
        attrs = attr_list(ZW_KIND_REQUIREMENT);
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                g_ptr_array_add(known, (void *)(uintptr_t)members[i].name);
        for (guint i = 0; i < attrs->len; i++)
                g_ptr_array_add(known, (void *)(uintptr_t)((const AttrDef *)attrs->pdata[i])->name);
        near = near_names(name, (const char *const *)known->pdata, known->len);
        error_set(error, ZW_ERR_INPUT, where, "a requirement has no member or attribute \"%s\"%s", name,
                  near);
        return false;
}

static bool profile_check(const Sheet *sheet, GError **error)
{
        const char *name;
        json_t *value;
        size_t i;

        json_object_foreach(sheet->columns, name, value)
        {
                if (!member_check(name, "columns", error))
                        return false;
                if (!json_is_string(value)) {
                        error_set(error, ZW_ERR_INPUT, "/columns", "\"%s\" names its column by a text", name);
                        return false;
                }
        }
        json_array_foreach(sheet->ignore, i, value) if (!json_is_string(value))
        {
                error_set(error, ZW_ERR_INPUT, "/ignore", "columns are named by texts");
                return false;
        }
        if (sheet->header_row >= 1 && sheet->header_row <= SHEET_ROWS_MAX)
                return sheet->defaults == NULL ||
                       attrs_check(ZW_KIND_REQUIREMENT, sheet->defaults, "/defaults", error);
        error_set(error, ZW_ERR_INPUT, "/header_row", "rows are numbered from 1 to %d", SHEET_ROWS_MAX);
        return false;
}

static bool profile_read(Sheet *sheet, const json_t *profile, GError **error)
{
        static const JReadField fields[] = {
                { "name", JREAD_STRING, G_STRUCT_OFFSET(Sheet, name), false },
                { "encoding", JREAD_STRING, G_STRUCT_OFFSET(Sheet, encoding), false },
                { "delimiter", JREAD_STRING, G_STRUCT_OFFSET(Sheet, delimiter), false },
                { "sheet", JREAD_STRING, G_STRUCT_OFFSET(Sheet, sheet), false },
                { "header_row", JREAD_INT, G_STRUCT_OFFSET(Sheet, header_row), false },
                { "columns", JREAD_OBJECT, G_STRUCT_OFFSET(Sheet, columns), false },
                { "ignore", JREAD_ARRAY, G_STRUCT_OFFSET(Sheet, ignore), false },
                { "defaults", JREAD_OBJECT, G_STRUCT_OFFSET(Sheet, defaults), false },
                JREAD_END,
        };

        return profile == NULL ||
               (jread_object(profile, fields, sheet, "", error) && profile_check(sheet, error));
}

static void column_clear(gpointer data)
{
        g_free(((Column *)data)->header);
}

static void link_clear(gpointer data)
{
        ParentLink *link = data;

        g_free(link->parent);
        g_free(link->child);
}

Sheet *sheet_new(const Source *source, const char *system, Sink *sink, GError **error)
{
        g_autoptr(Sheet) sheet = g_new0(Sheet, 1);

        sheet->sink = sink;
        sheet->figures_only = source->figures_only;
        sheet->header_row = 1;
        sheet->header = g_array_new(FALSE, TRUE, sizeof(Column));
        g_array_set_clear_func(sheet->header, column_clear);
        sheet->links = g_array_new(FALSE, TRUE, sizeof(ParentLink));
        g_array_set_clear_func(sheet->links, link_clear);
        sheet->ids = hash_table_new_text(g_free, NULL);
        if (!profile_read(sheet, source->profile, error))
                return NULL;
        sheet->system = g_strdup_printf("%s:%s", system, sheet->name != NULL ? sheet->name : source->name);
        return g_steal_pointer(&sheet);
}

void sheet_free(Sheet *sheet)
{
        if (sheet == NULL)
                return;
        g_array_unref(sheet->header);
        g_array_unref(sheet->links);
        g_hash_table_unref(sheet->ids);
        g_free(sheet->system);
        g_free(sheet);
}

const char *sheet_encoding(const Sheet *sheet)
{
        return sheet->encoding;
}

const char *sheet_delimiter(const Sheet *sheet)
{
        return sheet->delimiter;
}

const char *sheet_name(const Sheet *sheet)
{
        return sheet->sheet;
}

/* ---- header ---- */

static char *header_plain(const char *header)
{
        g_autoptr(GString) plain = g_string_new(NULL);

        for (const char *p = header; *p != '\0'; p++)
                if (g_ascii_isalnum(*p))
                        g_string_append_c(plain, g_ascii_tolower(*p));
        return g_string_free(g_steal_pointer(&plain), FALSE);
}

static const char *member_of_profile(const Sheet *sheet, const char *header)
{
        const char *member;
        json_t *value;

        json_object_foreach(sheet->columns, member,
                            value) if (strcmp(json_string_value(value), header) == 0) return member;
        return NULL;
}

static const char *member_of_header(const char *header)
{
        g_autofree char *plain = header_plain(header);

        for (size_t i = 0; i < G_N_ELEMENTS(known_headers); i++)
                if (strcmp(known_headers[i].header, plain) == 0)
                        return known_headers[i].member;
        return NULL;
}

static bool is_ignored(const Sheet *sheet, const char *header)
{
        json_t *value;
        size_t i;

        json_array_foreach(sheet->ignore, i,
                           value) if (strcmp(json_string_value(value), header) == 0) return true;
        return false;
}

static bool is_taken(const Sheet *sheet, const Column *column)
{
        for (guint i = 0; i < sheet->header->len; i++) {
                const Column *other = &g_array_index(sheet->header, Column, i);

                if (other->target == column->target && other->attr == column->attr)
                        return true;
        }
        return false;
}

/* With `columns` in the profile only those are taken; without, the known names. The first of two columns for the same
 * member wins, and the other is reported as lost. */
static void column_add(Sheet *sheet, const char *header)
{
        Column column = { .header = g_strstrip(g_strdup(header == NULL ? "" : header)) };
        const char *member = sheet->columns != NULL ? member_of_profile(sheet, column.header)
                                                    : member_of_header(column.header);

        column.ignored = is_ignored(sheet, column.header);
        if (!column.ignored && member != NULL && member_find(member, &column.target, &column.attr) &&
            is_taken(sheet, &column)) {
                column.target = TO_NOTHING;
                column.attr = NULL;
        }
        g_array_append_val(sheet->header, column);
}

static bool header_names(const Sheet *sheet, const char *name)
{
        for (guint i = 0; i < sheet->header->len; i++)
                if (strcmp(g_array_index(sheet->header, Column, i).header, name) == 0)
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

static bool header_read(Sheet *sheet, size_t row, const char *const *cells, size_t n, GError **error)
{
        const Column id = { .target = TO_ID };
        g_autofree char *where = g_strdup_printf("row %zu", row), *list = NULL;
        const char *member;
        json_t *value;

        for (size_t i = 0; i < n; i++)
                column_add(sheet, cells[i]);
        json_object_foreach(sheet->columns, member, value)
        {
                if (header_names(sheet, json_string_value(value)))
                        continue;
                list = header_list(sheet);
                error_set(error, ZW_ERR_INPUT, where, "there is no column \"%s\" for %s; the header has %s",
                          json_string_value(value), member, list);
                return false;
        }
        sheet->usable = is_taken(sheet, &id);
        if (sheet->usable)
                return true;
        list = header_list(sheet);
        if (sheet->figures_only) {
                sink_problem(sheet->sink, where, "no column is known to hold the id; the header has %s",
                             list);
                return true;
        }
        error_set(error, ZW_ERR_INPUT, where,
                  "no column is known to hold the id; name it in a profile; the header has %s", list);
        return false;
}

/* ---- rows ---- */

static json_t *split_new(const char *text)
{
        g_auto(GStrv) parts = g_strsplit_set(text, ",;\n\r", -1);
        json_t *list = json_array();

        for (char **part = parts; *part != NULL; part++)
                if (*g_strstrip(*part) != '\0')
                        json_array_append_new(list, json_string(*part));
        return list;
}

static json_t *attr_value_new(const AttrDef *attr, const char *text)
{
        gint64 number;

        switch (attr->type) {
        case ATTR_INT:
                return g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL)
                               ? json_integer(number)
                               : json_string(text);
        case ATTR_BOOL:
                if (g_ascii_strcasecmp(text, "true") == 0 || g_ascii_strcasecmp(text, "yes") == 0)
                        return json_true();
                if (g_ascii_strcasecmp(text, "false") == 0 || g_ascii_strcasecmp(text, "no") == 0)
                        return json_false();
                return json_string(text);
        case ATTR_LIST:
        case ATTR_ENUMS:
        case ATTR_REFS:
                return split_new(text);
        case ATTR_ENUM: {
                g_autofree char *lower = g_ascii_strdown(text, -1);

                return json_string(lower);
        }
        default:
                return json_string(text);
        }
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

/* A title for a requirement that has none: the first words of its text. */
static char *title_of(const char *body, const char *id)
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

        switch (column->target) {
        case TO_NOTHING:
                column->lost++;
                break;
        case TO_ID:
                break;
        case TO_TITLE:
                json_object_set_new(item, "title", json_string(text));
                break;
        case TO_BODY:
                json_object_set_new(item, "body", json_string(text));
                break;
        case TO_OWNER:
                json_object_set_new(item, "owner", json_string(text));
                break;
        case TO_TAGS:
                json_object_set_new(item, "tags", split_new(text));
                break;
        case TO_PARENTS:
                parents_add(sheet, row, id, text);
                break;
        case TO_ATTR:
                json_object_set_new(attrs, column->attr->name, attr_value_new(column->attr, text));
                break;
        }
}

static char *id_of(const Sheet *sheet, const char *const *cells, size_t n)
{
        for (size_t i = 0; i < MIN(n, sheet->header->len); i++)
                if (g_array_index(sheet->header, Column, i).target == TO_ID && cells[i] != NULL)
                        return g_strstrip(g_strdup(cells[i]));
        return g_strdup("");
}

static bool id_check(Sheet *sheet, size_t row, const char *where, const char *id)
{
        gpointer first = g_hash_table_lookup(sheet->ids, id);

        if (*id == '\0')
                sink_refuse(sheet->sink, where, "the id is empty");
        else if (first != NULL)
                sink_refuse(sheet->sink, where, "the id \"%s\" is that of row %zu already", id,
                            GPOINTER_TO_SIZE(first));
        else
                g_hash_table_insert(sheet->ids, g_strdup(id), GSIZE_TO_POINTER(row));
        return *id != '\0' && first == NULL;
}

static void row_take(Sheet *sheet, size_t row, const char *const *cells, size_t n)
{
        g_autofree char *where = g_strdup_printf("row %zu", row), *id = id_of(sheet, cells, n), *title = NULL;
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) item = NULL;

        if (!id_check(sheet, row, where, id))
                return;
        item = json_pack("{s:s, s:s, s:{s:s, s:s}, s:o}", "op", "item", "kind", "requirement", "source",
                         "system", sheet->system, "id", id, "attrs",
                         sheet->defaults == NULL ? json_object() : json_copy(sheet->defaults));
        for (size_t i = 0; i < MIN(n, sheet->header->len); i++) {
                Column *column = &g_array_index(sheet->header, Column, i);

                if (cells[i] != NULL && cells[i][0] != '\0' && !column->ignored)
                        cell_take(sheet, column, row, id, cells[i], item);
        }
        if (!attrs_check(ZW_KIND_REQUIREMENT, json_object_get(item, "attrs"), "/attrs", &why)) {
                sink_refuse(sheet->sink, where, "%s", why->message);
                return;
        }
        if (json_object_get(item, "title") == NULL) {
                title = title_of(jread_get_string(item, "body"), id);
                json_object_set_new(item, "title", json_string(title));
        }
        sink_op(sheet->sink, g_steal_pointer(&item));
}

bool sheet_row(Sheet *sheet, size_t row, const char *const *cells, size_t n, GError **error)
{
        g_autofree char *where = NULL;

        if (row > SHEET_ROWS_MAX || n > SHEET_COLUMNS_MAX) {
                where = g_strdup_printf("row %zu", row);
                error_set(error, ZW_ERR_LIMIT, where, "a sheet has at most %d rows of %d columns",
                          SHEET_ROWS_MAX, SHEET_COLUMNS_MAX);
                return false;
        }
        if (row < (size_t)sheet->header_row)
                return true;
        if (sheet->header->len == 0)
                return header_read(sheet, row, cells, n, error);
        if (sheet->usable)
                row_take(sheet, row, cells, n);
        return true;
}

/* ---- the end ---- */

static void links_finish(Sheet *sheet)
{
        for (guint i = 0; i < sheet->links->len; i++) {
                const ParentLink *link = &g_array_index(sheet->links, ParentLink, i);
                g_autofree char *where = g_strdup_printf("row %zu", link->row);

                if (g_hash_table_lookup(sheet->ids, link->parent) == NULL)
                        sink_problem(sheet->sink, where, "the parent \"%s\" is not in this sheet",
                                     link->parent);
                else if (strcmp(link->parent, link->child) == 0)
                        sink_problem(sheet->sink, where, "\"%s\" names itself as its parent", link->parent);
                else
                        sink_op(sheet->sink,
                                json_pack("{s:s, s:{s:[s, s]}, s:s, s:{s:[s, s]}}", "op", "link", "from",
                                          "source", sheet->system, link->parent, "type", "derives", "to",
                                          "source", sheet->system, link->child));
        }
}

bool sheet_finish(Sheet *sheet, GError **error)
{
        if (sheet->header->len == 0 && !sheet->figures_only) {
                error_set(error, ZW_ERR_INPUT, NULL, "the sheet has no header row");
                return false;
        }
        links_finish(sheet);
        for (guint i = 0; i < sheet->header->len; i++) {
                const Column *column = &g_array_index(sheet->header, Column, i);
                g_autofree char *where = g_strdup_printf("column %u \"%.60s\"", i + 1, column->header);

                if (column->lost > 0)
                        sink_lost(sheet->sink, where, "%zu cells have no place in the model", column->lost);
        }
        return true;
}
