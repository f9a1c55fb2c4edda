/* What one place of a table holds: typed, so that each renderer shows it in its own way, and nothing is formatted twice.
 * Everything pointed to is borrowed for the length of a call. */
#ifndef REPORT_CELL_H
#define REPORT_CELL_H

#include "analysis/assess.h"

typedef enum {
        CELL_TEXT,    /* text; NULL: nothing to say */
        CELL_WORD,    /* a fixed word of the program (words.h) */
        CELL_FLAG,    /* number: yes or no */
        CELL_NUMBER,  /* number; a count links to the rows it counts */
        CELL_SHARE,   /* number `of` of */
        CELL_COUNTS,  /* list of CellCount */
        CELL_REFS,    /* list of const char *: catalogue references */
        CELL_WORDS,   /* list of const char *: fixed words */
        CELL_ITEM,    /* item by key and title; ZW_ITEM_NONE: nothing */
        CELL_STEP,    /* item with revision and state, suspect or not */
        CELL_ITEMS,   /* list of ItemNo */
        CELL_STEPS,   /* list of CellStep */
        CELL_VECTOR,  /* vector */
        CELL_LEVEL,   /* number 0 to 4 or ZW_SL_UNKNOWN */
        CELL_LEVELS,  /* achieved against target: levels */
        CELL_MEMBERS, /* list of MemberStatus */
        CELL_REASONS, /* list of Cause */
        CELL_TIME,    /* number, an Instant, where n is not 0; else nothing */
        CELL_LINK,    /* text, an address */
} CellType;

const char *cell_type_name(CellType type);

typedef struct {
        const char *word;
        gint64 number;
} CellCount;

typedef struct {
        ItemNo item;
        bool suspect; /* the link to the step before */
} CellStep;

/* The entry of one FR. */
typedef struct {
        int target, verified, claimed, verified_with_findings; /* 0 to 4 or ZW_SL_UNKNOWN */
} CellLevels;

typedef struct {
        CellType type;
        bool unknown; /* data are missing to say it: shown as such, never as 0 or nothing */
        bool suspect; /* STEP */
        bool same;    /* the same as in the row before */
        const char *text;
        gint64 number, of;
        ItemNo item;
        CellLevels levels;
        SlVector vector;
        const void *list;
        size_t n;
} Cell;

/* The cell as a word for anchors, filters and titles: a key, a word, digits, yes or no, a text; "" for all others. `buffer`
 * has at least CELL_TEXT_MAX bytes and may be what is given. */
enum { CELL_TEXT_MAX = 24 };
const char *cell_word(const Cell *cell, GraphView view, char *buffer);

/* Do both say the same? Lists are compared entry by entry. */
bool cell_equal(const Cell *a, const Cell *b);

#endif
