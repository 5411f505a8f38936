using CustobotGateway.Catalog.Demo;
using CustobotGateway.Common.Health;
using CustobotGateway.Search;

namespace CustobotGateway;

/// <summary>A first start is ready when the demo catalogue is loaded and can be searched.</summary>
internal static class DemoReadiness
{
    public static ReadinessCheck Create(IServiceProvider services)
    {
        var demo = services.GetRequiredService<LoadDemo>();
        var index = services.GetRequiredService<CatalogIndex>();
        return new ReadinessCheck("demo", NeededForReads: false, _ => new(demo.IsDone && (!demo.HasLoaded || index.Current?.Snapshot.Count > 0)
            ? new ReadinessReport(true, demo.HasLoaded ? "loaded" : "not needed")
            : new ReadinessReport(false, "loading")));
    }
}
