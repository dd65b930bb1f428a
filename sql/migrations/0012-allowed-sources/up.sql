-- Where a key may be used from; NULL is anywhere. A list that lost its last entry must not open the key to all.
ALTER TABLE api_keys
    ADD COLUMN allowed_sources cidr[],
    ADD CONSTRAINT api_key_allow_list_is_not_empty CHECK (cardinality(allowed_sources) BETWEEN 1 AND 100),
    ADD CONSTRAINT api_key_allow_list_has_no_gaps CHECK (array_position(allowed_sources, NULL) IS NULL);
