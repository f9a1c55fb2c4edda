#include "base/linediff.h"

#include <string.h>

const char *line_change_name(LineChange change)
{
        static const char *const names[] = { [LINE_SAME] = "same", [LINE_GONE] = "gone", [LINE_NEW] = "new" };

        return names[change];
}

typedef struct {
        const char *text;
        size_t n;
} Line;

static GArray *lines_of(const char *text, size_t n)
{
        GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
        const char *end = text + n;

        while (text < end) {
                const char *stop = memchr(text, '\n', (size_t)(end - text));
                Line line = { text, (size_t)((stop == NULL ? end : stop) - text) };

                text = stop == NULL ? end : stop + 1;
                if (line.n > 0 && line.text[line.n - 1] == '\r')
                        line.n--;
                g_array_append_val(lines, line);
        }
        return lines;
}

/* The part of both texts between what they have in common at their ends. */
typedef struct {
        const Line *a, *b;
        int n, m;
} Middle;

static bool same(Line a, Line b)
{
        return a.n == b.n && memcmp(a.text, b.text, a.n) == 0;
}

/* The furthest x on each diagonal k = x - y after d edits, one array of 2d + 1 for each d: from k = -d. */
static int *row_next(const Middle *m, const int *last, int d, bool *ret_done)
{
        int *row = g_new(int, 2 * (size_t)d + 1);

        for (int k = -d; k <= d; k += 2) {
                /* `last` begins at k = -(d - 1). */
                const bool down = k == -d || (k != d && last[k - 1 + d - 1] < last[k + 1 + d - 1]);
                int x = d == 0 ? 0 : down ? last[k + 1 + d - 1] : last[k - 1 + d - 1] + 1;

                while (x < m->n && x - k < m->m && same(m->a[x], m->b[x - k]))
                        x++;
                row[k + d] = x;
                if (k + d + 1 <= 2 * d)
                        row[k + d + 1] = 0;
                if (x >= m->n && x - k >= m->m)
                        *ret_done = true;
        }
        return row;
}

/* Marks what of each part is not in the other, back from the end over the rows. */
static void rows_walk(const Middle *m, const GPtrArray *rows, bool *gone, bool *fresh)
{
        int x = m->n, y = m->m;

        for (int d = (int)rows->len - 1; d > 0; d--) {
                const int *last = g_ptr_array_index(rows, d - 1);
                const int k = x - y;
                const bool down = k == -d || (k != d && last[k - 1 + d - 1] < last[k + 1 + d - 1]);
                const int before = down ? k + 1 : k - 1;

                x = last[before + d - 1];
                y = x - before;
                if (down)
                        fresh[y] = true;
                else
                        gone[x] = true;
        }
}

static void middle_mark(const Middle *m, bool *gone, bool *fresh)
{
        g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
        bool done = false;

        for (int d = 0; !done && d <= LINEDIFF_EDITS_MAX && d <= m->n + m->m; d++)
                g_ptr_array_add(rows, row_next(m, d == 0 ? NULL : g_ptr_array_index(rows, d - 1), d, &done));
        if (done) {
                rows_walk(m, rows, gone, fresh);
                return;
        }
        for (int i = 0; i < m->n; i++)
                gone[i] = true;
        for (int i = 0; i < m->m; i++)
                fresh[i] = true;
}

static void line_add(GArray *diff, LineChange change, guint before, guint after, Line line)
{
        const LineDiff one = { change, before, after, line.text, line.n };

        g_array_append_val(diff, one);
}

GArray *linediff(const char *before, size_t n_before, const char *after, size_t n_after)
{
        g_autoptr(GArray) a = lines_of(before, n_before), b = lines_of(after, n_after);
        const Line *old = (const Line *)(void *)a->data, *new = (const Line *)(void *)b->data;
        GArray *diff = g_array_new(FALSE, FALSE, sizeof(LineDiff));
        guint head = 0, tail = 0, i, j;
        g_autofree bool *gone = g_new0(bool, a->len + 1), *fresh = g_new0(bool, b->len + 1);

        while (head < MIN(a->len, b->len) && same(old[head], new[head]))
                head++;
        while (tail < MIN(a->len, b->len) - head && same(old[a->len - 1 - tail], new[b->len - 1 - tail]))
                tail++;
        middle_mark(&(Middle){ old + head, new + head, (int)(a->len - head - tail),
                               (int)(b->len - head - tail) },
                    gone + head, fresh + head);
        for (i = j = 0; i < a->len || j < b->len;) {
                if (i < a->len && gone[i]) {
                        line_add(diff, LINE_GONE, i + 1, 0, old[i]);
                        i++;
                } else if (j < b->len && fresh[j]) {
                        line_add(diff, LINE_NEW, 0, j + 1, new[j]);
                        j++;
                } else {
                        line_add(diff, LINE_SAME, i + 1, j + 1, old[i]);
                        i++;
                        j++;
                }
        }
        return diff;
}
