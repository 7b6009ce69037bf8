{
  _forecast+:: [
    // --- The disk, where the data directory can be seen. Forecast apart from the quota: what else is on the disk moves it, and
    // a defragmentation or a snapshot takes its room for minutes.
    {
      record: 'member:etcd_headroom_data_disk_free_bytes:min',
      expr: 'min by (%(cluster)s, member) (etcd_headroom_data_disk_free_bytes%(selector)s)' % $._config,
    },
    {
      record: 'member:etcd_headroom_data_disk_size_bytes:max',
      expr: 'max by (%(cluster)s, member) (etcd_headroom_data_disk_size_bytes%(selector)s)' % $._config,
    },
    // How far the file can still grow: up to its quota or until the disk is full, whichever is nearer. Where only one of the
    // two is known, that one.
    {
      record: 'member:etcd_headroom_nearest_room_bytes:min',
      expr: |||
        min by (%(cluster)s, member) (
          label_replace(clamp_min(member:etcd_headroom_file_room_bytes:min, 0), "limit", "quota", "", "")
          or
          label_replace(member:etcd_headroom_data_disk_free_bytes:min, "limit", "disk", "", "")
        )
      ||| % $._config,
    },
    // The room on the disk, only where the disk is the nearer limit.
    {
      record: 'fill:etcd_headroom_disk_room_bytes:min',
      labels: { of: 'file' },
      expr: |||
        min by (%(cluster)s) (member:etcd_headroom_data_disk_free_bytes:min unless member:etcd_headroom_file_room_bytes:min <= member:etcd_headroom_data_disk_free_bytes:min)
      ||| % $._config,
    },
    {
      record: 'fill:etcd_headroom_disk_room_bytes:min',
      labels: { of: 'in_use' },
      expr: |||
        min by (%(cluster)s) (
          member:etcd_headroom_db_size_bytes:max
          + (member:etcd_headroom_data_disk_free_bytes:min unless member:etcd_headroom_file_room_bytes:min <= member:etcd_headroom_data_disk_free_bytes:min)
        )
        - on (%(cluster)s) max by (%(cluster)s) (fill:etcd_headroom_cycle_peak_bytes:max{of="in_use"})
      ||| % $._config,
    },
    {
      record: 'fill:etcd_headroom_time_to_disk_full_seconds',
      expr: |||
        clamp_min(fill:etcd_headroom_disk_room_bytes:min, 0)
        / ignoring (horizon) group_right ()
        (fill:etcd_headroom_growth_bytes:rate > 0)
      ||| % $._config,
    },
    {
      record: 'cluster:etcd_headroom_time_to_disk_full_seconds:min',
      expr: $._soonest('fill:etcd_headroom_time_to_disk_full_seconds', $._hours),
    },
  ],
}
