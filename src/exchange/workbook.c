#include "exchange/workbook.h"

#include "base/hash.h"
#include "exchange/zip.h"

#include <math.h>
#include <string.h>

enum { STRINGS_MAX = 4 << 20, STYLES_MAX = 65536 };

/* ---- parts ---- */

static bool part_wanted(const char *name)
{
        return g_str_has_prefix(name, "xl/") && !g_str_has_prefix(name, "xl/media/") &&
               !g_str_has_prefix(name, "xl/theme/") && !g_str_has_prefix(name, "xl/drawings/") &&
               (g_str_has_suffix(name, ".xml") || g_str_has_suffix(name, ".rels"));
}

static void sheet_clear(gpointer data)
{
        WorkbookSheet *sheet = data;

        g_free(sheet->name);
        g_clear_pointer(&sheet->part, g_bytes_unref);
}

void workbook_free(Workbook *book)
{
        if (book == NULL)
                return;
        g_array_unref(book->sheets);
        g_ptr_array_unref(book->strings);
        g_array_unref(book->dates);
        g_free(book);
}

/* Runs `take` on every element of a part; it may read its element to the end. A part that is absent has no elements. */
typedef bool (*Take)(Xml *xml, void *data, GError **error);

static bool part_walk(const Zip *zip, const char *name, size_t depth_max, Take take, void *data,
                      GError **error)
{
        GBytes *part = zip_part(zip, name);
        g_autoptr(Xml) xml = NULL;
        GError *why = NULL;
        XmlEvent event = XML_EVENT_OPEN;

        if (part == NULL)
                return true;
        xml = xml_new(part, depth_max, WORKBOOK_ELEMENTS_MAX, &why);
        while (xml != NULL && event != XML_EVENT_END && xml_next(xml, &event, &why))
                if (event == XML_EVENT_OPEN && !take(xml, data, &why))
                        break;
        if (why == NULL)
                return true;
        error_set_where(why, "%s, %s", name, error_where(why) == NULL ? "" : error_where(why));
        g_propagate_error(error, why);
        return false;
}

/* ---- relations and sheets ---- */

typedef struct {
        const Zip *zip;
        Workbook *book;
        GHashTable *targets; /* relation id → part */
} Binding;

static bool take_relation(Xml *xml, void *data, GError **error G_GNUC_UNUSED)
{
        Binding *binding = data;
        const char *id = xml_attr(xml, "Id"), *target = xml_attr(xml, "Target");

        if (!xml_is(xml, "Relationship") || id == NULL || target == NULL)
                return true;
        g_hash_table_insert(binding->targets, g_strdup(id),
                            target[0] == '/' ? g_strdup(target + 1) : g_strdup_printf("xl/%s", target));
        return true;
}

/* The relation of a sheet is in one of two namespaces, of the transitional and the strict form of the format. */
static const char *relation_of(Xml *xml)
{
        const char *id = xml_attr_ns(xml,
                                     "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                                     "id");

        return id != NULL ? id
                          : xml_attr_ns(xml, "http://purl.oclc.org/ooxml/officeDocument/relationships", "id");
}

static bool is_true(const char *text)
{
        return g_strcmp0(text, "1") == 0 || g_strcmp0(text, "true") == 0;
}

static bool take_sheet(Xml *xml, void *data, GError **error)
{
        Binding *binding = data;
        WorkbookSheet sheet = { 0 };
        const char *relation = NULL, *target, *name;
        GBytes *part;

        if (xml_is(xml, "workbookPr"))
                binding->book->since_1904 = is_true(xml_attr(xml, "date1904"));
        if (!xml_is(xml, "sheet"))
                return true;
        relation = relation_of(xml);
        name = xml_attr(xml, "name");
        target = relation == NULL ? NULL : g_hash_table_lookup(binding->targets, relation);
        part = target == NULL ? NULL : zip_part(binding->zip, target);
        if (name == NULL || part == NULL || binding->book->sheets->len >= WORKBOOK_SHEETS_MAX) {
                g_autofree char *where = xml_where(xml);

                error_set(error, ZW_ERR_INPUT, where, "the sheet \"%.60s\" has no content in the archive",
                          name == NULL ? "" : name);
                return false;
        }
        sheet.name = g_strdup(name);
        sheet.part = g_bytes_ref(part);
        sheet.hidden = xml_attr(xml, "state") != NULL && strcmp(xml_attr(xml, "state"), "visible") != 0;
        g_array_append_val(binding->book->sheets, sheet);
        return true;
}

/* ---- shared strings ---- */

/* The character at `p` when it stands there as _xHHHH_, by which the format writes those that XML has not; else 0. */
static gunichar escaped(const char *p)
{
        gunichar c = 0;

        if (p[0] != '_' || p[1] != 'x')
                return 0;
        for (int i = 2; i < 6; i++) {
                if (!g_ascii_isxdigit(p[i]))
                        return 0;
                c = c * 16 + (gunichar)g_ascii_xdigit_value(p[i]);
        }
        return p[6] == '_' && g_unichar_validate(c) ? c : 0;
}

static char *unescape(GString *text)
{
        g_autoptr(GString) plain = NULL;

        if (strstr(text->str, "_x") == NULL)
                return g_strdup(text->str);
        plain = g_string_sized_new(text->len);
        for (const char *p = text->str; *p != '\0';) {
                const gunichar c = escaped(p);

                if (c != 0)
                        g_string_append_unichar(plain, c);
                else
                        g_string_append_c(plain, *p);
                p += c != 0 ? 7 : 1;
        }
        return g_string_free(g_steal_pointer(&plain), FALSE);
}

bool workbook_rich_text(Xml *xml, char **ret_text, GError **error)
{
        g_autoptr(GString) text = g_string_new(NULL);
        const size_t depth = xml_depth(xml);
        XmlEvent event = XML_EVENT_OPEN;

        while (!(event == XML_EVENT_CLOSE && xml_depth(xml) == depth) && event != XML_EVENT_END) {
                g_autofree char *run = NULL;

                if (!xml_next(xml, &event, error))
                        return false;
                if (event == XML_EVENT_OPEN && xml_is(xml, "rPh") && !xml_skip(xml, error))
                        return false;
                if (event != XML_EVENT_OPEN || !xml_is(xml, "t"))
                        continue;
                if (!xml_read_text(xml, WORKBOOK_TEXT_MAX - text->len, &run, error))
                        return false;
                g_string_append(text, run);
        }
        *ret_text = unescape(text);
        return true;
}

static bool take_string(Xml *xml, void *data, GError **error)
{
        Binding *binding = data;
        char *text;

        if (!xml_is(xml, "si"))
                return true;
        if (binding->book->strings->len >= STRINGS_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the workbook has too many texts");
                return false;
        }
        if (!workbook_rich_text(xml, &text, error))
                return false;
        g_ptr_array_add(binding->book->strings, text);
        return true;
}

/* ---- styles ---- */

typedef struct {
        Workbook *book;
        GHashTable *codes; /* number format id as text → itself, when it shows dates */
        bool in_cell_styles;
} Styles;

/* A format code shows a date when it has one of its letters outside quotes, brackets and escapes. */
static bool code_is_date(const char *code)
{
        char closing = '\0';

        for (const char *p = code; *p != '\0'; p++) {
                if (closing != '\0')
                        closing = *p == closing ? '\0' : closing;
                else if (*p == '"')
                        closing = '"';
                else if (*p == '[')
                        closing = ']';
                else if (*p == '\\' || *p == '_' || *p == '*')
                        p += p[1] != '\0';
                else if (strchr("yYmMdDhHsS", *p) != NULL)
                        return true;
        }
        return false;
}

/* The formats that every program knows without being told. */
static bool number_is_date(uint64_t id)
{
        return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
               (id >= 50 && id <= 58);
}

static bool take_style(Xml *xml, void *data, GError **error)
{
        Styles *styles = data;
        const char *id = xml_attr(xml, "numFmtId"), *code;
        uint64_t number;
        bool date;

        if (xml_is(xml, "cellXfs") || xml_is(xml, "cellStyleXfs") || xml_is(xml, "dxfs"))
                styles->in_cell_styles = xml_is(xml, "cellXfs");
        if (xml_is(xml, "numFmt") && id != NULL) {
                code = xml_attr(xml, "formatCode");
                if (code != NULL && code_is_date(code))
                        g_hash_table_add(styles->codes, g_strdup(id));
        }
        if (!xml_is(xml, "xf") || !styles->in_cell_styles)
                return true;
        if (styles->book->dates->len >= STYLES_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the workbook has too many styles");
                return false;
        }
        date = id != NULL && (g_hash_table_contains(styles->codes, id) ||
                              (g_ascii_string_to_unsigned(id, 10, 0, G_MAXUINT32, &number, NULL) &&
                               number_is_date(number)));
        g_array_append_val(styles->book->dates, date);
        return true;
}

/* ---- numbers ---- */

static char *date_text(const Workbook *book, double serial)
{
        /* Day 1 of 1900 is January 1st, and the format has a February 29th in that year, which never was. */
        g_autoptr(GDate) date = g_date_new_dmy(book->since_1904 ? 1 : 30, book->since_1904 ? 1 : 12,
                                               book->since_1904 ? 1904 : 1899);
        double whole = floor(serial);
        unsigned seconds = (unsigned)lround((serial - whole) * 86400);
        unsigned days = (unsigned)whole + seconds / 86400;
        const bool time_only = serial < 1;

        seconds %= 86400;
        g_date_add_days(date, days + (!book->since_1904 && days > 0 && days < 60));
        if (time_only)
                return g_strdup_printf("%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
        if (seconds == 0)
                return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(date), g_date_get_month(date),
                                       g_date_get_day(date));
        return g_strdup_printf("%04d-%02d-%02dT%02u:%02u:%02u", g_date_get_year(date), g_date_get_month(date),
                               g_date_get_day(date), seconds / 3600, seconds / 60 % 60, seconds % 60);
}

char *workbook_number_text(const Workbook *book, const char *value, size_t style)
{
        enum { DIGITS = 15, LAST_DAY = 2958466 }; /* the day after 9999-12-31 */
        char text[G_ASCII_DTOSTR_BUF_SIZE], *end;
        double number = g_ascii_strtod(value, &end);

        if (*value == '\0' || *end != '\0' || !isfinite(number))
                return g_strdup(value);
        if (style < book->dates->len && g_array_index(book->dates, bool, style) && number >= 0 &&
            number < LAST_DAY)
                return date_text(book, number);
        if (strlen(value) <= DIGITS && strpbrk(value, "eE") == NULL)
                return g_strdup(value);
        return g_strdup(g_ascii_formatd(text, sizeof(text), "%.15g", number));
}

/* ---- all of it ---- */

Workbook *workbook_read(GBytes *bytes, size_t depth_max, GError **error)
{
        g_autoptr(Zip) zip = zip_read(bytes, part_wanted, error);
        g_autoptr(Workbook) book = g_new0(Workbook, 1);
        g_autoptr(GHashTable) targets = hash_table_new_text(g_free, g_free);
        g_autoptr(GHashTable) codes = hash_table_new_text(g_free, NULL);
        Binding binding = { zip, book, targets };
        Styles styles = { .book = book, .codes = codes };

        book->sheets = g_array_new(FALSE, TRUE, sizeof(WorkbookSheet));
        g_array_set_clear_func(book->sheets, sheet_clear);
        book->strings = g_ptr_array_new_with_free_func(g_free);
        book->dates = g_array_new(FALSE, TRUE, sizeof(bool));
        book->depth_max = depth_max;
        if (zip == NULL)
                return NULL;
        if (zip_part(zip, "xl/workbook.xml") == NULL) {
                error_set(error, ZW_ERR_INPUT, "xl/workbook.xml",
                          "the archive is no workbook: this part is missing");
                return NULL;
        }
        if (!part_walk(zip, "xl/_rels/workbook.xml.rels", depth_max, take_relation, &binding, error) ||
            !part_walk(zip, "xl/workbook.xml", depth_max, take_sheet, &binding, error) ||
            !part_walk(zip, "xl/sharedStrings.xml", depth_max, take_string, &binding, error) ||
            !part_walk(zip, "xl/styles.xml", depth_max, take_style, &styles, error))
                return NULL;
        return g_steal_pointer(&book);
}
