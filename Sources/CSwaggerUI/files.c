// One binary carries its pages. The compiler takes these two megabytes in no time here, and minutes as a Swift literal.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "CSwaggerUI.h"

static const unsigned char bundle_js[] = {
#embed "dist/swagger-ui-bundle.js"
};
static const unsigned char bundle_js_gz[] = {
#embed "dist/swagger-ui-bundle.js.gz"
};
static const unsigned char css[] = {
#embed "dist/swagger-ui.css"
};
static const unsigned char css_gz[] = {
#embed "dist/swagger-ui.css.gz"
};
static const unsigned char favicon[] = {
#embed "dist/favicon-32x32.png"
};

swagger_ui_file swagger_ui_bundle_js(void) { return (swagger_ui_file){bundle_js, sizeof bundle_js}; }
swagger_ui_file swagger_ui_bundle_js_gz(void) { return (swagger_ui_file){bundle_js_gz, sizeof bundle_js_gz}; }
swagger_ui_file swagger_ui_css(void) { return (swagger_ui_file){css, sizeof css}; }
swagger_ui_file swagger_ui_css_gz(void) { return (swagger_ui_file){css_gz, sizeof css_gz}; }
swagger_ui_file swagger_ui_favicon(void) { return (swagger_ui_file){favicon, sizeof favicon}; }
