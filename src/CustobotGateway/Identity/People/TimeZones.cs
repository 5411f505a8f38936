namespace CustobotGateway.Identity.People;

/// <summary>The time zones that a person can live by, as IANA names them.</summary>
public static class TimeZones
{
    /// <summary>Where nobody said otherwise.</summary>
    public const string Default = "UTC";

    private const int Longest = 64;

    /// <summary>Their names: the default first, then by letter. Old names and abbreviations are left out.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Default, .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)
            .Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The zone of the name; UTC if this machine does not know it.</summary>
    public static TimeZoneInfo Of(string name) => name.Length <= Longest && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>Whether a person can choose it.</summary>
    public static bool IsName(string? name) => name is not null && Names.Contains(name);
}
