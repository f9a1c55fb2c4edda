/* Piping and instrumentation diagrams in DEXPI (Proteus XML). */
#include "exchange/readers.h"

#include "exchange/xfigures.h"

static const char *const roots[] = { "PlantModel", NULL };

static const XFigure rows[] = {
        { XFIGURE_COUNT, "Equipment", NULL, "Equipment", NULL, NULL },
        { XFIGURE_COUNT, "PipingNetworkSystem", NULL, "PipingNetworkSystem", NULL, NULL },
        { XFIGURE_COUNT, "ProcessInstrumentationFunction", NULL, "ProcessInstrumentationFunction", NULL,
          NULL },
        { XFIGURE_COUNT, "InstrumentationLoopFunction", NULL, "InstrumentationLoopFunction", NULL, NULL },
        { XFIGURE_COUNT, "Nozzle", NULL, "Nozzle", NULL, NULL },
};

static const XFormat format = {
        .roots = roots,
        .what = "a diagram of DEXPI",
        .rows = rows,
        .n_rows = G_N_ELEMENTS(rows),
        .refusal = "a diagram of DEXPI is read for its figures only: nothing is imported",
        .root_and_space = true,
        .top = 8
};

bool dexpi_read(const Source *source, Sink *sink, GError **error)
{
        return xfigures_read(source, sink, &format, error);
}
