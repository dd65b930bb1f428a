#ifndef TOLLGATE_CARGON2_SHIM_H
#define TOLLGATE_CARGON2_SHIM_H
#include <argon2.h>
#endif
