#include "http/note.h"

#include "base/hash.h"

void note_id(char *ret_text)
{
        uint8_t bytes[(NOTE_ID - 1) / 2];

        random_bytes(bytes, sizeof(bytes));
        hex_encode(bytes, sizeof(bytes), ret_text);
}

void note_ms(gint64 microseconds, char *ret_text)
{
        g_snprintf(ret_text, NOTE_MS, "%" G_GINT64_FORMAT ".%03d", microseconds / 1000,
                   (int)(microseconds % 1000));
}
