-- one row per rejected line of one dataset: the reason, the line as text and the file it stands in
with
found as (
    select
        rejected.reason,
        rejected.line_count,
        raw_lines.line as raw,
        decode(cast(raw_lines.line as binary), 'UTF-8') as line,
        raw_lines.file,
        row_number() over (partition by rejected.line_hash order by raw_lines.file) as copy_number
    from raw_lines
    inner join rejected on xxhash64(raw_lines.line) = rejected.line_hash
    where rejected.dataset = :dataset
)

-- The bytes are kept where they are not UTF-8, which the text cannot show.
select
    reason,
    line,
    case when raw <> line then cast(raw as binary) end as line_bytes,
    file
from found
where copy_number <= line_count
