{
  prometheusAlerts+:: {
    groups+: [{
      name: 'etcd-headroom-alerts-settings',
      rules: [
        $._alert('QuotaMismatch', 'warning', {
          expr: 'max by (%(cluster)s) (member:etcd_headroom_quota_bytes:min) != on (%(cluster)s) min by (%(cluster)s) (member:etcd_headroom_quota_bytes:min)' % $._config,
          'for': '1h',
          summary: 'has members with different quotas',
          description: "The largest quota is {{ $value | humanize1024 }}B, another member's is smaller: the smallest rules the whole cluster.",
        }),
        $._alert('QuotaSourcesDisagree', 'warning', {
          expr: 'max by (%(cluster)s, member) (etcd_headroom_quota_source_bytes%(selector)s) != on (%(cluster)s, member) min by (%(cluster)s, member) (etcd_headroom_quota_source_bytes%(selector)s)' % $._config,
          'for': '15m',
          summary: 'member {{ $labels.member }} does not enforce the quota that is configured',
          description: 'What etcd enforces on {{ $labels.member }} and what its manifest or flag says differ (the largest is {{ $value | ' +
                       'humanize1024 }}B): a change that was never rolled out, or a wrong flag of the exporter.',
        }),
        $._alert('QuotaUnknown', 'warning', {
          expr: |||
            (member:etcd_headroom_up:max == 1)
            unless on (%(cluster)s, member) max by (%(cluster)s, member) (last_over_time(etcd_headroom_quota_bytes%(selector)s[15m]))
          ||| % $._config,
          'for': '15m',
          summary: 'does not report the quota of member {{ $labels.member }}',
          description: "Without the quota of {{ $labels.member }} nothing can be said of its headroom. Give the exporter etcd's metrics page or " +
                       'manifest, or --etcd.quota-bytes.',
        }),
        $._alert('QuotaDisabled', 'info', {
          expr: 'max by (%(cluster)s, member) (etcd_headroom_quota_bytes%(selector)s) == -1' % $._config,
          'for': '15m',
          summary: 'member {{ $labels.member }} has no quota',
          description: 'The quota of {{ $labels.member }} is disabled: the database grows until the disk is full, which is worse.',
        }),
        $._alert('DefaultQuota', 'info', {
          expr: 'max by (%(cluster)s) (member:etcd_headroom_db_size_bytes:max and on (%(cluster)s, member) member:etcd_headroom_quota_bytes:min == 2147483648) > 1073741824' % $._config,
          'for': '1h',
          summary: 'has outgrown half of the default quota',
          description: "The largest file is {{ $value | humanize1024 }}B, the quota etcd's default of 2GiB. Up to 8GiB are usual.",
        }),
        $._alert('ClustersMixed', 'warning', {
          expr: 'count by (%(cluster)s) (group by (%(cluster)s, cluster_id) (etcd_headroom_member_info%(selector)s)) > 1' % $._config,
          'for': '15m',
          summary: 'is {{ $value }} clusters under one name',
          description: '{{ $value }} etcd cluster ids report under the same cluster and etcd_cluster labels: give each its own, or none of ' +
                       'their sums is true.',
        }),
        // Peaks of a quarter of an hour, so that members in different phases of a compaction do not differ.
        $._alert('MemberDiverges', 'warning', {
          expr: |||
            (
              (
                max by (%(cluster)s) (member:etcd_headroom_voter_in_use_bytes:max15m) - on (%(cluster)s) min by (%(cluster)s) (member:etcd_headroom_voter_in_use_bytes:max15m)
              ) > on (%(cluster)s) 0.25 * max by (%(cluster)s) (member:etcd_headroom_voter_in_use_bytes:max15m)
            ) > on (%(cluster)s) 0.02 * cluster:etcd_headroom_quota_bytes:min
          ||| % $._config,
          'for': '2h',
          summary: "has a member whose data use differs from the others'",
          description: 'In-use differs by {{ $value | humanize1024 }}B between voters, over a quarter, for 2 hours: a long read pins pages on ' +
                       'one, or its data are not the same.',
        }),
        $._alert('FilesDiverge', 'warning', {
          expr: |||
            (
              max by (%(cluster)s) (member:etcd_headroom_db_size_bytes:max)
              - on (%(cluster)s) min by (%(cluster)s) (member:etcd_headroom_db_size_bytes:max)
            ) > on (%(cluster)s) 0.25 * max by (%(cluster)s) (member:etcd_headroom_db_size_bytes:max)
            and on (%(cluster)s) max by (%(cluster)s) (member:etcd_headroom_db_size_bytes:max) > on (%(cluster)s) 0.6 * cluster:etcd_headroom_quota_bytes:min
            unless on (%(cluster)s) time() - member:etcd_headroom_member_start_time_seconds:max < 86400
            unless on (%(cluster)s) max by (%(cluster)s, member) (etcd_headroom_defragmentations_total%(selector)s) != max by (%(cluster)s, member) (etcd_headroom_defragmentations_total%(selector)s offset 1d)
          ||| % $._config,
          'for': '1d',
          summary: "has a member whose file is much larger than another's",
          description: 'Files differ by {{ $value | humanize1024 }}B, the fullest is over 60 % of the quota, and none is known to have been ' +
                       'defragmented or restarted for a day. The fullest stops the writes of all.',
        }),
      ],
    }],
  },
}
