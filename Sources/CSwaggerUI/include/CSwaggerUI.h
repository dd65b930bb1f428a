#ifndef C_SWAGGER_UI_H
#define C_SWAGGER_UI_H

#include <stddef.h>

// The files of Swagger UI that the reference of a dialect is made of, as they stand in dist/.

typedef struct {
    const unsigned char *_Nonnull bytes;
    size_t length;
} swagger_ui_file;

swagger_ui_file swagger_ui_bundle_js(void);
swagger_ui_file swagger_ui_bundle_js_gz(void);
swagger_ui_file swagger_ui_css(void);
swagger_ui_file swagger_ui_css_gz(void);
swagger_ui_file swagger_ui_favicon(void);

#endif
