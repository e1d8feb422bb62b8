package marts

import (
	"context"
	"database/sql"
)

func (r *reader) warnings(ctx context.Context) error {
	return r.each(ctx, `
select vault_id, warning, message, coalesce(rows, 0)::bigint
from marts.warnings
order by vault_id, warning, message`, func(rows *sql.Rows) error {
		var id string
		var w Warning
		if err := rows.Scan(&id, &w.Code, &w.Message, &w.Rows); err != nil {
			return err
		}
		if v := r.vaults[id]; v != nil {
			v.Warnings = append(v.Warnings, w)
		} else {
			r.data.Warnings = append(r.data.Warnings, w)
		}
		return nil
	})
}

func (r *reader) imports(ctx context.Context) error {
	return r.each(ctx, `
select path, kind, format, sha256, bytes::bigint, coalesce(note, ''), rows_read::bigint,
    rows_kept::bigint, rows_filtered::bigint, rows_set_aside::bigint,
    coalesce(rows_after_as_of, 0)::bigint
from marts.imports
where not (kind = 'readings' and state = 'absent') -- of earlier runs, and of no use to this
order by path`, func(rows *sql.Rows) error {
		var f Import
		err := rows.Scan(&f.Path, &f.Kind, &f.Format, &f.SHA256, &f.Bytes, &f.Note, &f.Read,
			&f.Kept, &f.Filtered, &f.SetAside, &f.After)
		r.data.Imports = append(r.data.Imports, f)
		return err
	})
}

func (r *reader) importReasons(ctx context.Context) error {
	return r.each(ctx, `
select path, reason, rows_set_aside::bigint, coalesce(first_line, 0)::bigint, coalesce(example, '')
from marts.import_reasons
order by path, reason`, func(rows *sql.Rows) error {
		var path string
		var s SetAside
		if err := rows.Scan(&path, &s.Reason, &s.Rows, &s.FirstLine, &s.Example); err != nil {
			return err
		}
		for i := range r.data.Imports {
			if r.data.Imports[i].Path == path {
				r.data.Imports[i].Reasons = append(r.data.Imports[i].Reasons, s)
			}
		}
		return nil
	})
}

func (r *reader) ineligibilities(ctx context.Context) error {
	return r.each(ctx, `
select vault_id, ineligible_reason, badge, meaning
from marts.ineligibilities
order by vault_id, reason_position`, func(rows *sql.Rows) error {
		var id string
		var reason Ineligible
		if err := rows.Scan(&id, &reason.Code, &reason.Badge, &reason.Meaning); err != nil {
			return err
		}
		if v := r.vaults[id]; v != nil {
			v.Ineligible = append(v.Ineligible, reason)
		}
		return nil
	})
}
