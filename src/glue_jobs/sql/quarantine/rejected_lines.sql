-- one row per rejected line of one dataset: the reason, the line as text and the file it stands in
with
wanted as (
    select
        line_hash,
        reason,
        count(*) as copies
    from rejected
    where dataset = :dataset
    group by line_hash, reason
),

found as (
    select
        wanted.reason,
        wanted.copies,
        raw_lines.line as raw,
        decode(cast(raw_lines.line as binary), 'UTF-8') as line,
        raw_lines.file,
        row_number() over (partition by wanted.line_hash order by raw_lines.file) as copy_number
    from raw_lines
    inner join wanted on xxhash64(raw_lines.line) = wanted.line_hash
)

-- The bytes are kept where they are not UTF-8, which the text cannot show.
select
    reason,
    line,
    case when raw <> line then cast(raw as binary) end as line_bytes,
    file
from found
where copy_number <= copies
