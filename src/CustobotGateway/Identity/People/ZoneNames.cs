namespace CustobotGateway.Identity.People;

/// <summary>The time zones that a person can choose to live by, as IANA names them.</summary>
public static class ZoneNames
{
    /// <summary>Where nobody said otherwise.</summary>
    public const string Default = "UTC";

    /// <summary>Their names: the default first, then by letter. Old names and abbreviations are left out.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Default, .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)
            .Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether a person can choose it.</summary>
    public static bool Has(string? name) => name is not null && All.Contains(name);
}
