/* Reads CVSS vectors from standard input, one a line, and prints the score of each in tenths: that with all its metrics. */
#include "vuln/cvss.h"

#include <stdio.h>
#include <string.h>

int main(void)
{
        char line[512];

        while (fgets(line, sizeof(line), stdin) != NULL) {
                g_autoptr(GError) error = NULL;
                Cvss cvss;

                line[strcspn(line, "\n")] = '\0';
                if (!cvss_parse(line, &cvss, &error))
                        g_error("%s: %s", line, error->message);
                printf("%d\n", cvss_scores(&cvss).environmental);
        }
        return 0;
}
