-- one row per user, as a hash, that an event or an order names and no valid line of users has
select key_hash
from odd_keys
where line_count = 0
