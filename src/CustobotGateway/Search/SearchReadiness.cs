using CustobotGateway.Common.Health;

namespace CustobotGateway.Search;

/// <summary>Searches can be answered once the index is loaded; how old it may be is for the caller to judge.</summary>
internal static class SearchReadiness
{
    public static ReadinessCheck Create(IServiceProvider services)
    {
        var index = services.GetRequiredService<CatalogIndex>();
        var cursors = services.GetRequiredService<CursorKey>();
        var clock = services.GetRequiredService<TimeProvider>();
        return new ReadinessCheck("index", NeededForReads: true, _ => new(index.Current is { } current && cursors.IsReady
            ? new ReadinessReport(true, $"catalogue {current.Version}", Math.Max(0, Math.Round((clock.GetUtcNow() - current.AsOf).TotalSeconds, 3)))
            : new ReadinessReport(false, "loading")));
    }
}
