#include "analysis/internal.h"

/* Where a commit touches more items than TOUCHED_FEW, all is computed anew as soon. */
enum { READS_FEW = 4096, TOUCHED_FEW = 10000 };

/* Something that is kept, and what it was computed from. */
typedef struct {
        PartKind kind;
        uint64_t key;
        uint32_t version; /* how often it was computed: what an older version read is nothing to it */
        uint32_t readers; /* the first Read of it, from 1; 0 for none */
        uint32_t frame;   /* of the frame that read it last */
        bool renew, missed;
} Part;

/* One part reads an item, a part or a row. Those of one thing are a chain. */
typedef struct {
        uint32_t part, version, next;
} Read;

/* What the part that is being computed has read, but for items. */
typedef struct {
        uint32_t number;
        GArray *parts; /* of uint32_t, some of them twice */
        bool rows[ZW_SR_ROWS];
} Frame;

typedef struct {
        Seq seq;
        ItemNo item;
} Touch;

struct Kept {
        GraphNotes *notes;
        Graph *noted;
        Assess *assess; /* of `noted`; NULL until the first assessment */
        GPtrArray *results;
        GArray *parts;       /* of Part */
        GHashTable *numbers; /* kind and key → number of the part, from 1 */
        GArray *reads;       /* of Read; the first is no one's */
        uint32_t few;        /* how many there were when all was new */
        GArray *of_item;     /* of uint32_t by item: the first Read of it, or 0 */
        uint32_t of_row[ZW_SR_ROWS];
        GArray *frames; /* of Frame, the one that is written last */
        uint32_t n_frames;
        GArray *renew[ZW_PARTS]; /* of uint32_t: parts to compute again */
        GArray *touched;         /* of Touch: later than what is kept */
        size_t computed;
        uint64_t bytes_max, result_bytes;
        bool too_large; /* nothing is kept any more */
};

Kept *kept_new(uint64_t bytes_max)
{
        Kept *kept = g_new0(Kept, 1);

        kept->bytes_max = bytes_max;
        kept->touched = g_array_new(FALSE, FALSE, sizeof(Touch));
        return kept;
}

static void kept_clear(Kept *kept)
{
        if (kept->assess == NULL)
                return;
        for (int i = 0; i < ZW_PARTS; i++)
                g_array_unref(kept->renew[i]);
        g_array_unref(kept->frames);
        g_array_unref(kept->of_item);
        g_array_unref(kept->reads);
        g_hash_table_unref(kept->numbers);
        g_array_unref(kept->parts);
        g_ptr_array_unref(kept->results);
        g_clear_pointer(&kept->assess, assess_free);
        g_clear_pointer(&kept->noted, graph_free);
        g_clear_pointer(&kept->notes, graph_notes_free);
}

void kept_free(Kept *kept)
{
        if (kept == NULL)
                return;
        kept_clear(kept);
        g_array_unref(kept->touched);
        g_free(kept);
}

void kept_touch(Kept *kept, Seq seq, ItemNo item)
{
        const Touch touch = { seq, item };

        if (kept->assess != NULL) /* what was never computed is computed from all there is */
                g_array_append_val(kept->touched, touch);
}

/* ---- reading ---- */

static gpointer part_name(PartKind kind, uint64_t key)
{
        return (gpointer)(uintptr_t)(key << 2 | kind);
}

static Part *part_at(const Kept *kept, uint32_t number)
{
        return &g_array_index(kept->parts, Part, number);
}

static uint32_t part_number(Kept *kept, PartKind kind, uint64_t key)
{
        const gpointer name = part_name(kind, key);
        const uint32_t known = GPOINTER_TO_UINT(g_hash_table_lookup(kept->numbers, name));
        const Part part = { .kind = kind, .key = key };

        if (known != 0)
                return known - 1;
        g_array_append_val(kept->parts, part);
        g_hash_table_insert(kept->numbers, name, GUINT_TO_POINTER(kept->parts->len));
        return kept->parts->len - 1;
}

static Frame *frame_written(const Kept *kept)
{
        return kept == NULL || kept->frames->len == 0
                       ? NULL
                       : &g_array_index(kept->frames, Frame, kept->frames->len - 1);
}

void kept_begin(Kept *kept)
{
        Frame frame = { .parts = NULL };

        if (kept == NULL)
                return;
        frame.number = ++kept->n_frames;
        frame.parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_array_append_val(kept->frames, frame);
        graph_notes_begin(kept->notes);
}

static void part_read(Kept *kept, uint32_t number)
{
        Frame *frame = frame_written(kept);
        Part *part = part_at(kept, number);

        if (frame == NULL || part->frame == frame->number)
                return;
        part->frame = frame->number;
        g_array_append_val(frame->parts, number);
}

void kept_use(Kept *kept, PartKind kind, uint64_t key)
{
        if (frame_written(kept) != NULL)
                part_read(kept, part_number(kept, kind, key));
}

void kept_use_row(Kept *kept, RowId row)
{
        Frame *frame = frame_written(kept);

        if (frame != NULL)
                frame->rows[row] = true;
}

static void read_add(Kept *kept, uint32_t number, uint32_t *first)
{
        const Read read = { number, part_at(kept, number)->version, *first };

        *first = kept->reads->len;
        g_array_append_val(kept->reads, read);
}

void kept_end(Kept *kept, PartKind kind, uint64_t key)
{
        g_autoptr(GArray) items = NULL;
        uint32_t number;
        Part *part;
        Frame frame;
        bool missed;

        if (kept == NULL)
                return;
        number = part_number(kept, kind, key);
        items = graph_notes_end(kept->notes, &missed);
        frame = g_array_index(kept->frames, Frame, kept->frames->len - 1); /* that of kept_begin */
        g_array_set_size(kept->frames, kept->frames->len - 1);
        part = part_at(kept, number);
        part->version++;
        part->missed = missed;
        for (guint i = 0; i < items->len; i++)
                read_add(kept, number,
                         &g_array_index(kept->of_item, uint32_t, g_array_index(items, ItemNo, i)));
        for (guint i = 0; i < frame.parts->len; i++)
                read_add(kept, number, &part_at(kept, g_array_index(frame.parts, uint32_t, i))->readers);
        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (frame.rows[row])
                        read_add(kept, number, &kept->of_row[row]);
        g_array_unref(frame.parts);
        part_read(kept, number);
}

/* ---- how much it is ---- */

static uint64_t result_bytes(const PlaceAssessment *result)
{
        uint64_t bytes = sizeof *result;

        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                bytes += result->rows[row].members->len * sizeof(MemberStatus);
        return bytes;
}

/* About so many bytes. */
static bool is_too_large(const Kept *kept)
{
        enum { NUMBER_BYTES = 2 * sizeof(gpointer) };
        const uint64_t bytes = kept->result_bytes + kept->reads->len * sizeof(Read) +
                               kept->parts->len * (sizeof(Part) + NUMBER_BYTES) +
                               2 * kept->of_item->len * sizeof(uint32_t); /* and the notes of the graph */

        return bytes > kept->bytes_max;
}

/* ---- all anew ---- */

static PlaceAssessment *place_compute(Kept *kept, ItemNo place)
{
        PlaceAssessment *found;

        kept_begin(kept);
        found = place_assess(kept->assess, place, false);
        kept_end(kept, PART_PLACE, place);
        kept->computed++;
        kept->result_bytes += result_bytes(found);
        return found;
}

/* False when it is more than may be kept. */
static bool all_compute(Kept *kept, GraphView view, Instant now)
{
        const Read none = { 0 };
        const GArray *places;

        kept_clear(kept);
        kept->result_bytes = 0;
        kept->notes = graph_notes_new();
        kept->noted = graph_noted(view, kept->notes);
        kept->assess = assess_new((GraphView){ kept->noted, view.seq }, now);
        kept->assess->keeper = kept;
        kept->results = g_ptr_array_new_with_free_func((GDestroyNotify)place_assessment_free);
        kept->parts = g_array_new(FALSE, FALSE, sizeof(Part));
        kept->numbers = g_hash_table_new(NULL, NULL);
        kept->reads = g_array_new(FALSE, FALSE, sizeof(Read));
        g_array_append_val(kept->reads, none);
        kept->of_item = g_array_new(FALSE, TRUE, sizeof(uint32_t));
        g_array_set_size(kept->of_item, graph_item_count(view));
        memset(kept->of_row, 0, sizeof kept->of_row);
        kept->frames = g_array_new(FALSE, FALSE, sizeof(Frame));
        for (int i = 0; i < ZW_PARTS; i++)
                kept->renew[i] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        unallocated_of(kept->assess); /* here, where it is read for no part */
        places = kept->assess->places;
        for (guint i = 0; i < places->len && !is_too_large(kept); i++)
                g_ptr_array_add(kept->results, place_compute(kept, g_array_index(places, ItemNo, i)));
        kept->few = kept->reads->len;
        return !is_too_large(kept);
}

/* ---- what was touched ---- */

/* Whoever read it is computed again. The chain is done with: who reads it then is written anew. */
static void readers_renew(Kept *kept, uint32_t *first)
{
        for (uint32_t at = *first; at != 0; at = g_array_index(kept->reads, Read, at).next) {
                const Read *read = &g_array_index(kept->reads, Read, at);
                Part *part = part_at(kept, read->part);

                if (read->version != part->version || part->renew)
                        continue;
                part->renew = true;
                g_array_append_val(kept->renew[part->kind], read->part);
        }
        *first = 0;
}

static void missed_renew(Kept *kept)
{
        for (uint32_t i = 0; i < kept->parts->len; i++) {
                Part *part = part_at(kept, i);

                if (!part->missed || part->renew)
                        continue;
                part->renew = true;
                g_array_append_val(kept->renew[part->kind], i);
        }
}

static void requirement_touch(Kept *kept, ItemNo requirement)
{
        RowId before, after;

        if (graph_kind(kept->assess->view, requirement) != ZW_KIND_REQUIREMENT ||
            !unallocated_renew(kept->assess, requirement, &before, &after))
                return;
        if (before != ZW_ROW_NONE && before < ZW_SR_ROWS)
                readers_renew(kept, &kept->of_row[before]);
        if (after != ZW_ROW_NONE && after < ZW_SR_ROWS)
                readers_renew(kept, &kept->of_row[after]);
}

/* By commits after `after`. */
static void item_touch(Kept *kept, ItemNo item, Seq after)
{
        const GraphView view = kept->assess->view;
        GraphIter iter = graph_iter(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_ALLOCATED_TO));
        GraphEdge edge;

        readers_renew(kept, &g_array_index(kept->of_item, uint32_t, item));
        if (!graph_exists(view, item))
                return;
        requirement_touch(kept, item);
        if (graph_changed(view, item) <= after)
                return;
        while (graph_next(&iter, &edge)) /* it may have been retired, or be live again */
                requirement_touch(kept, edge.other);
}

/* Is it something that all places rest on: a place that came or went after a commit, or what a system says? */
static bool is_for_all(const Kept *kept, ItemNo item, Seq after)
{
        const GraphView view = kept->assess->view;
        const KindId kind = graph_kind(view, item);
        const bool place = (kind == ZW_KIND_ZONE || kind == ZW_KIND_CONDUIT) && graph_is_live(view, item);

        return (kind == ZW_KIND_SYSTEM && graph_changed(view, item) > after) ||
               place != g_array_binary_search(kept->assess->places, &item, item_compare, NULL);
}

/* ---- parts ---- */

/* Computes again what findings break, or a service; gives whether it came to something else. */
static bool breaks_renew(Assess *assess, ItemNo subject)
{
        g_autoptr(GArray) before = NULL;
        const GArray *after;

        g_hash_table_steal_extended(assess->breaks, GUINT_TO_POINTER(subject), NULL, (gpointer *)&before);
        after = finding_breaks(assess, subject);
        return before->len != after->len ||
               (before->len > 0 && memcmp(before->data, after->data, before->len * sizeof(Break)) != 0);
}

static bool service_renew(Assess *assess, uint64_t service)
{
        gpointer before;

        g_hash_table_steal_extended(assess->services, (gpointer)(uintptr_t)service, NULL, &before);
        return service_is_verified(assess, (RowId)(service & UINT16_MAX), (ItemNo)(service >> 16)) !=
               (before != NULL);
}

static void place_renew(Kept *kept, ItemNo place)
{
        guint at;

        if (!g_array_binary_search(kept->assess->places, &place, item_compare, &at))
                return;
        kept->result_bytes -= result_bytes(g_ptr_array_index(kept->results, at));
        place_assessment_free(g_ptr_array_index(kept->results, at));
        g_ptr_array_index(kept->results, at) = place_compute(kept, place);
}

/* By rising kind: each rests on those before. */
static void parts_renew(Kept *kept)
{
        for (int kind = 0; kind < ZW_PARTS; kind++) {
                for (guint i = 0; i < kept->renew[kind]->len; i++) {
                        const uint32_t number = g_array_index(kept->renew[kind], uint32_t, i);
                        const uint64_t key = part_at(kept, number)->key;
                        bool other = false;

                        part_at(kept, number)->renew = false;
                        if (kind == PART_PLACE)
                                place_renew(kept, (ItemNo)key);
                        else if (kind == PART_SERVICE)
                                other = service_renew(kept->assess, key);
                        else
                                other = breaks_renew(kept->assess, (ItemNo)key);
                        if (other)
                                readers_renew(kept, &part_at(kept, number)->readers);
                }
                g_array_set_size(kept->renew[kind], 0);
        }
}

/* ---- from commit to commit ---- */

static void touched_forget(Kept *kept, Seq seq)
{
        guint done = 0;

        while (done < kept->touched->len && g_array_index(kept->touched, Touch, done).seq <= seq)
                done++;
        if (done > 0)
                g_array_remove_range(kept->touched, 0, done);
}

/* What commits up to `seq` touched, each item once. */
static GArray *touched_upto(const Kept *kept, Seq seq)
{
        g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GArray *items = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (guint i = 0; i < kept->touched->len; i++) {
                const Touch *touch = &g_array_index(kept->touched, Touch, i);

                if (touch->seq > seq)
                        break;
                g_array_append_val(all, touch->item);
        }
        g_array_sort(all, item_compare);
        for (guint i = 0; i < all->len; i++)
                if (i == 0 || g_array_index(all, ItemNo, i) != g_array_index(all, ItemNo, i - 1))
                        g_array_append_val(items, g_array_index(all, ItemNo, i));
        return items;
}

/* False when everything has to be computed anew. */
static bool go_on(Kept *kept, GraphView view, Instant now)
{
        Assess *assess = kept->assess;
        g_autoptr(GArray) touched = NULL;
        Seq after;

        if (assess == NULL || now < assess->span->from || now >= assess->span->until ||
            kept->reads->len / 2 > MAX(kept->few, READS_FEW) || is_too_large(kept))
                return false;
        touched = touched_upto(kept, view.seq);
        if (touched->len > TOUCHED_FEW)
                return false;
        after = assess->view.seq;
        graph_free(kept->noted);
        kept->noted = graph_noted(view, kept->notes);
        assess->view = assess->shown = (GraphView){ kept->noted, view.seq };
        assess->now = now;
        g_array_set_size(kept->of_item, MAX(graph_item_count(view), kept->of_item->len));
        for (guint i = 0; i < touched->len; i++) {
                const ItemNo item = g_array_index(touched, ItemNo, i);

                if (is_for_all(kept, item, after))
                        return false;
                item_touch(kept, item, after);
        }
        if (touched->len > 0) /* by an item that is new, too */
                missed_renew(kept);
        parts_renew(kept);
        return true;
}

static gpointer result_share(gconstpointer result, gpointer data G_GNUC_UNUSED)
{
        PlaceAssessment *shared = (gpointer)(uintptr_t)result;

        g_atomic_int_inc(&shared->shares);
        return shared;
}

Assess *kept_assess(Kept *kept, GraphView view, Instant now)
{
        Assess *known;

        if (kept->too_large || (kept->assess != NULL && view.seq < kept->assess->view.seq))
                return NULL;
        kept->computed = 0;
        if (!go_on(kept, view, now) && !all_compute(kept, view, now)) {
                kept->too_large = true;
                kept_clear(kept);
                g_array_set_size(kept->touched, 0);
                return NULL;
        }
        touched_forget(kept, view.seq);
        known = assess_empty(view, now);
        known->ages = kept->assess->ages;
        g_array_append_vals(known->places, kept->assess->places->data, kept->assess->places->len);
        g_array_append_vals(known->shown_places, kept->assess->places->data, kept->assess->places->len);
        known->kept = g_ptr_array_copy(kept->results, (GCopyFunc)result_share, NULL);
        return known;
}

size_t kept_computed(const Kept *kept)
{
        return kept->computed;
}

PlaceAssessment *kept_place(const Assess *assess, ItemNo place)
{
        guint at;

        if (assess->kept == NULL || !g_array_binary_search(assess->places, &place, item_compare, &at))
                return NULL;
        return result_share(g_ptr_array_index(assess->kept, at), NULL);
}
