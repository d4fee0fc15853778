-- one row per key (as a hash that differs by dataset) that stands on more than one valid line
select key_hash
from odd_keys
where line_count > 1
