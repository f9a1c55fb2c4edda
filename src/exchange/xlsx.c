/* Requirement sheets of an Office Open XML workbook. All sheets are counted; the one that the profile names is
 * taken, else the first that is shown and has a header with ids. A formula counts with the value that was saved with it. */
#include "exchange/readers.h"
#include "exchange/sheet.h"
#include "exchange/workbook.h"

#include <string.h>

typedef struct {
        const Workbook *book;
        const WorkbookSheet *part;
        Sheet *sheet; /* where rows go, or NULL for a sheet that is only counted */
        Sink *sink;
        Xml *xml;
        GPtrArray *cells; /* char * or NULL, by column */
        size_t row, column;
        size_t rows, filled, formulas, merged;
        bool row_filled;
        bool scanning; /* only ids are looked for */
        bool probing;  /* only the header is */
} XlsxSheet;

static char *place(const XlsxSheet *x)
{
        return g_strdup_printf("sheet \"%.60s\", row %zu", x->part->name, x->row);
}

static bool refuse(const XlsxSheet *x, GError **error, ZwErrorCode code, const char *what)
{
        g_autofree char *where = place(x);

        error_set(error, code, where, "%s", what);
        return false;
}

/* The column of a reference such as AB12, from 0. */
static bool column_parse(const char *reference, size_t *ret_column)
{
        size_t column = 0;
        const char *p = reference;

        for (; *p >= 'A' && *p <= 'Z' && column <= SHEET_COLUMNS_MAX; p++)
                column = column * 26 + (size_t)(*p - 'A') + 1;
        if (column == 0 || column > SHEET_COLUMNS_MAX || !g_ascii_isdigit(*p))
                return false;
        *ret_column = column - 1;
        return true;
}

/* The text of a cell from what its element holds; NULL for an empty one. */
static char *cell_text(XlsxSheet *x, const char *type, size_t style, const char *value)
{
        g_autofree char *where = NULL;
        uint64_t index;

        if (value == NULL)
                return NULL;
        if (strcmp(type, "s") == 0) {
                if (g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT32, &index, NULL) &&
                    index < x->book->strings->len)
                        return g_strdup(x->book->strings->pdata[index]);
                if (x->scanning)
                        return NULL;
                where = place(x);
                sink_problem(x->sink, where, "a cell refers to the text %s, which is not there", value);
                return NULL;
        }
        if (strcmp(type, "b") == 0)
                return g_strdup(strcmp(value, "1") == 0 ? "true" : "false");
        if (strcmp(type, "e") == 0 && !x->scanning) {
                where = place(x);
                sink_problem(x->sink, where, "a cell holds the error %s", value);
        }
        return strcmp(type, "n") == 0 ? workbook_number_text(x->book, value, style) : g_strdup(value);
}

typedef struct {
        char *value, *rich; /* the children v and is, or NULL */
        bool formula;
} CellParts;

static void cell_parts_clear(CellParts *parts)
{
        g_free(parts->value);
        g_free(parts->rich);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CellParts, cell_parts_clear)

static bool cell_parts_read(Xml *xml, CellParts *parts, GError **error)
{
        const size_t depth = xml_depth(xml);
        XmlEvent event = XML_EVENT_OPEN;

        while (!(event == XML_EVENT_CLOSE && xml_depth(xml) == depth) && event != XML_EVENT_END) {
                bool good = true;

                if (!xml_next(xml, &event, error))
                        return false;
                if (event != XML_EVENT_OPEN)
                        continue;
                parts->formula |= xml_is(xml, "f");
                if (xml_is(xml, "v") && parts->value == NULL)
                        good = xml_read_text(xml, WORKBOOK_TEXT_MAX, &parts->value, error);
                else if (xml_is(xml, "is") && parts->rich == NULL)
                        good = workbook_rich_text(xml, &parts->rich, error);
                else
                        good = xml_skip(xml, error);
                if (!good)
                        return false;
        }
        return true;
}

static bool cell_read(XlsxSheet *x, GError **error)
{
        const char *reference = xml_attr(x->xml, "r"), *style_text = xml_attr(x->xml, "s");
        g_autofree char *type = g_strdup(xml_attr(x->xml, "t"));
        g_auto(CellParts) parts = { 0 };
        uint64_t style = 0;
        char *text;

        if (reference != NULL && !column_parse(reference, &x->column))
                return refuse(x, error, ZW_ERR_INPUT, "a cell is in a column that cannot be");
        if (x->column >= SHEET_COLUMNS_MAX)
                return refuse(x, error, ZW_ERR_LIMIT, "the row has too many cells");
        if (style_text != NULL && !g_ascii_string_to_unsigned(style_text, 10, 0, G_MAXUINT32, &style, NULL))
                style = G_MAXUINT32;
        if (!cell_parts_read(x->xml, &parts, error))
                return false;
        text = parts.rich != NULL ? g_steal_pointer(&parts.rich)
                                  : cell_text(x, type == NULL ? "n" : type, (size_t)style, parts.value);
        x->formulas += parts.formula;
        x->filled += parts.formula || text != NULL;
        x->row_filled |= parts.formula || text != NULL;
        if (x->column >= x->cells->len)
                g_ptr_array_set_size(x->cells, (int)x->column + 1);
        g_free(x->cells->pdata[x->column]);
        x->cells->pdata[x->column++] = text;
        return true;
}

static bool row_number(XlsxSheet *x, GError **error)
{
        const char *given = xml_attr(x->xml, "r");
        uint64_t row = x->row + 1;

        if (given != NULL && !g_ascii_string_to_unsigned(given, 10, x->row + 1, SHEET_ROWS_MAX, &row, NULL))
                return refuse(x, error, ZW_ERR_INPUT, "the next row has a number that cannot be");
        if (row > SHEET_ROWS_MAX)
                return refuse(x, error, ZW_ERR_LIMIT, "the sheet has too many rows");
        x->row = (size_t)row;
        return true;
}

static bool row_read(XlsxSheet *x, GError **error)
{
        const size_t depth = xml_depth(x->xml);
        XmlEvent event = XML_EVENT_OPEN;

        if (!row_number(x, error))
                return false;
        g_ptr_array_set_size(x->cells, 0);
        x->column = 0;
        x->row_filled = false;
        while (!(event == XML_EVENT_CLOSE && xml_depth(x->xml) == depth) && event != XML_EVENT_END) {
                if (!xml_next(x->xml, &event, error))
                        return false;
                if (event == XML_EVENT_OPEN && xml_is(x->xml, "c") && !cell_read(x, error))
                        return false;
        }
        x->rows += x->row_filled;
        return !x->row_filled || x->sheet == NULL ||
               sheet_row(x->sheet, x->row, (const char *const *)x->cells->pdata, x->cells->len, error);
}

static bool sheet_walk(XlsxSheet *x, GError **error)
{
        XmlEvent event;

        do {
                if ((x->scanning && !sheet_wants_scan(x->sheet)) ||
                    (x->probing && sheet_is_decided(x->sheet)))
                        return true;
                if (!xml_next(x->xml, &event, error))
                        return false;
                if (event != XML_EVENT_OPEN)
                        continue;
                if (xml_is(x->xml, "row") && !row_read(x, error))
                        return false;
                x->merged += xml_is(x->xml, "mergeCell");
        } while (event != XML_EVENT_END);
        return true;
}

/* As the corpus writes it: `Sheet:3r/22c/8f/merged2`. */
static void summarize(const XlsxSheet *x, GString *summary)
{
        g_string_append_printf(summary, "%s%s:%zur/%zuc", summary->len > 1 ? ", " : "", x->part->name,
                               x->rows, x->filled);
        if (x->formulas > 0)
                g_string_append_printf(summary, "/%zuf", x->formulas);
        if (x->merged > 0)
                g_string_append_printf(summary, "/merged%zu", x->merged);
}

/* Rows are counted as what begins like one, before the first is read, so that a sheet without an end costs no more. */
static bool rows_check(XlsxSheet *x, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(x->part->part, &n), *end = text + n, *p = text;
        size_t rows = 0;

        while (n >= 4 && (p = memchr(p, 'r', (size_t)(end - p))) != NULL) {
                p++;
                if (end - p < 2 || p - text < 2 || (p[-2] != '<' && p[-2] != ':') || memcmp(p, "ow", 2) != 0)
                        continue;
                if (++rows > SHEET_ROWS_MAX) {
                        x->row = rows;
                        return refuse(x, error, ZW_ERR_LIMIT, "the sheet has too many rows");
                }
        }
        return true;
}

/* The ids of all rows; what is wrong with one is for the second reading to say. */
static bool rows_scan(const Workbook *book, const WorkbookSheet *part, Sheet *sheet, GError **error)
{
        g_autoptr(Xml) xml = xml_new(part->part, book->depth_max, WORKBOOK_ELEMENTS_MAX, error);
        g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
        XlsxSheet x = {
                .book = book, .part = part, .sheet = sheet, .xml = xml, .cells = cells, .scanning = true
        };

        if (xml == NULL || !rows_check(&x, error))
                return false;
        sheet_scan_begin(sheet);
        if (!sheet_walk(&x, error))
                return false;
        sheet_scan_end(sheet);
        return true;
}

static bool part_read(const Workbook *book, const WorkbookSheet *part, Sheet *sheet, Sink *sink,
                      GString *summary, GError **error)
{
        g_autoptr(Xml) xml = xml_new(part->part, book->depth_max, WORKBOOK_ELEMENTS_MAX, error);
        g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
        XlsxSheet x = {
                .book = book, .part = part, .sheet = sheet, .sink = sink, .xml = xml, .cells = cells
        };
        g_autofree char *where = g_strdup_printf("sheet \"%.60s\"", part->name);

        if (xml == NULL || !rows_check(&x, error) ||
            (sheet != NULL && !rows_scan(book, part, sheet, error)) || !sheet_walk(&x, error))
                return false;
        summarize(&x, summary);
        if (sheet != NULL && x.formulas > 0)
                sink_lost(sink, where, "%zu formulas; the values that were saved with them are taken",
                          x.formulas);
        if (sheet == NULL && x.rows > 0)
                sink_lost(sink, where, "%zu rows of another sheet; name it in a profile to take them",
                          x.rows);
        return true;
}

/* Whether the sheet has a header that tells ids. */
static bool part_probe(const Workbook *book, const WorkbookSheet *part, Sheet *sheet, bool *ret_usable,
                       GError **error)
{
        g_autoptr(Xml) xml = xml_new(part->part, book->depth_max, WORKBOOK_ELEMENTS_MAX, error);
        g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
        XlsxSheet x = { .book = book,
                        .part = part,
                        .sheet = sheet,
                        .xml = xml,
                        .cells = cells,
                        .scanning = true,
                        .probing = true };

        if (xml == NULL || !rows_check(&x, error))
                return false;
        sheet_scan_begin(sheet);
        if (!sheet_walk(&x, error))
                return false;
        *ret_usable = sheet_is_usable(sheet);
        sheet_scan_end(sheet);
        return true;
}

/* The first sheet that is shown and has such a header, else the first that is shown, else the first. */
static bool sheet_seek(const Workbook *book, Sheet *sheet, guint *ret_chosen, GError **error)
{
        guint shown = book->sheets->len;

        for (guint i = 0; i < book->sheets->len; i++) {
                const WorkbookSheet *part = &g_array_index(book->sheets, WorkbookSheet, i);
                bool usable = false;

                if (part->hidden)
                        continue;
                if (!part_probe(book, part, sheet, &usable, error))
                        return false;
                *ret_chosen = i;
                if (usable)
                        return true;
                shown = MIN(shown, i);
        }
        *ret_chosen = shown < book->sheets->len ? shown : 0;
        return true;
}

static bool sheet_choose(const Workbook *book, Sheet *sheet, guint *ret_chosen, GError **error)
{
        const char *name = sheet_profile(sheet)->sheet;

        for (guint i = 0; name != NULL && i < book->sheets->len; i++)
                if (strcmp(g_array_index(book->sheets, WorkbookSheet, i).name, name) == 0) {
                        *ret_chosen = i;
                        return true;
                }
        if (name == NULL && book->sheets->len > 0)
                return sheet_seek(book, sheet, ret_chosen, error);
        error_set(error, ZW_ERR_INPUT, "/sheet", "the workbook has no sheet \"%s\"",
                  name == NULL ? "" : name);
        return false;
}

static json_t *sheet_names(const Workbook *book)
{
        json_t *names = json_array();

        for (guint i = 0; i < book->sheets->len; i++)
                json_array_append_new(names, json_string(g_array_index(book->sheets, WorkbookSheet, i).name));
        return names;
}

bool xlsx_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(Sheet) sheet = sheet_new(source, "xlsx", "row", sink, error);
        g_autoptr(Workbook) book = sheet == NULL ? NULL
                                                 : workbook_read(source->bytes, source->depth_max, error);
        g_autoptr(GString) summary = g_string_new("{");
        guint chosen;

        if (book == NULL || !sheet_choose(book, sheet, &chosen, error))
                return false;
        sheet_note(sheet, "sheet", g_array_index(book->sheets, WorkbookSheet, chosen).name);
        sheet_note_choice(sheet, sheet_names(book));
        for (guint i = 0; i < book->sheets->len; i++)
                if (!part_read(book, &g_array_index(book->sheets, WorkbookSheet, i),
                               i == chosen ? sheet : NULL, sink, summary, error))
                        return false;
        g_string_append_c(summary, '}');
        sink_figure_int(sink, "sheets", book->sheets->len);
        sink_figure_text(sink, "nonempty_rows_cells_formulas", summary->str);
        return sheet_finish(sheet, error);
}
