/* Substation configuration language of IEC 61850-6 (SCD, ICD, CID, IID, SSD): substations, devices and their communication. */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "SCL", NULL };

#define ELEMENT(name)                                       \
        {                                                   \
                XFIGURE_COUNT, name, NULL, name, NULL, NULL \
        }
static const XFigure rows[] = {
        ELEMENT("Substation"),    ELEMENT("VoltageLevel"),
        ELEMENT("Bay"),           ELEMENT("IED"),
        ELEMENT("AccessPoint"),   ELEMENT("LDevice"),
        ELEMENT("SubNetwork"),    ELEMENT("ConnectedAP"),
        ELEMENT("GSEControl"),    ELEMENT("SampledValueControl"),
        ELEMENT("ReportControl"), ELEMENT("ExtRef"),
        ELEMENT("Private"),       { XFIGURE_COUNT, "IP_addresses", NULL, "P", "type", "IP" },
};
#undef ELEMENT

static const XFormat format = { .roots = roots,
                                .what = "a document of IEC 61850",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .refusal = "a substation is not imported yet",
                                .root_and_space = true };

/* 2007, B and 4 are the edition 2007B4; the first edition had no attribute for it. */
static bool version_give(const Source *source, Sink *sink, GError **error)
{
        static const char *const parts[] = { "version", "revision", "release" };
        g_autoptr(Xml) xml = xml_new(source->bytes, source->depth_max, XFIGURES_ELEMENTS_MAX, error);
        g_autoptr(GString) version = g_string_new(NULL);

        if (xml == NULL || !xml_root(xml, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
                g_string_append(version, xml_attr(xml, parts[i]) == NULL ? "" : xml_attr(xml, parts[i]));
        sink_figure_text(sink, "scl_version", version->len == 0 ? "2003(no attr)" : version->str);
        sink_version(sink, version->len == 0 ? "2003" : version->str);
        return true;
}

bool scl_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error) && version_give(source, sink, error);
}
