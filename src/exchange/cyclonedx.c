/* CycloneDX bills of materials: which form a file has. Rules: data/cyclonedx; what is taken: docs/formats/cyclonedx.md. */
#include "exchange/cyclonedx.h"

#include "exchange/readers.h"

/* The first byte that is no byte order mark, zero of a wide encoding or white space. */
static char first_sign(GBytes *bytes)
{
        gsize n;
        const char *data = g_bytes_get_data(bytes, &n);

        for (size_t i = 0; i < n; i++)
                if (data[i] > ' ')
                        return data[i];
        return '\0';
}

bool cyclonedx_read(const Source *source, Sink *sink, GError **error)
{
        return first_sign(source->bytes) == '<' ? cyclonedx_xml_read(source, sink, error)
                                                : cyclonedx_json_read(source, sink, error);
}
