enum PrimitivesPlaceholder {}
