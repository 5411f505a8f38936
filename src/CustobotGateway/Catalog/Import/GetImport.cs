using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Catalog.Import;

/// <summary>The report of an import, also while it runs.</summary>
public static class GetImport
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/imports/{id}", HandleAsync).WithName("getImport").WithTags("Products").AllowPublicRead()
        .WithSummary("Read an import's report").WithDescription("While status is receiving or running the numbers are those so far. completed and failed are final.")
        .Produces<ImportReport>().ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<ImportReport>, ProblemHttpResult>> HandleAsync(string id, HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        var services = http.RequestServices;
        // The row decides: while the swap commits, this gateway still says that it runs.
        if (await services.GetRequiredService<ImportStore>().FindAsync(id, cancellationToken) is not { } report)
        {
            return ImportProblems.NotFound.With($"There is no import '{id}'.", remedy: new Remedy("List the imports.", "/v1/imports")).ToHttp();
        }
        return TypedResults.Ok(report.Status == ImportStatus.Running && services.GetRequiredService<ImportRunner>().Progress(id) is { } progress ? progress : report);
    }
}

/// <summary>Imports from the newest on.</summary>
public static class ListImports
{
    private const int DefaultSize = 24;
    private const int MaxSize = 100;

    /// <summary>An import without its lists.</summary>
    /// <param name="Id">The id.</param>
    /// <param name="Status">How far it is.</param>
    /// <param name="Mode">upsert or replace.</param>
    /// <param name="Mapping">The mapping's name; null without one.</param>
    /// <param name="Rows">Rows read.</param>
    /// <param name="Accepted">Rows that became products.</param>
    /// <param name="Refused">Rows refused.</param>
    /// <param name="StartedAt">When it began.</param>
    /// <param name="FinishedAt">When it ended; null while it runs.</param>
    /// <param name="Failure">Why it failed.</param>
    public sealed record Entry(
        string Id, ImportStatus Status, ImportMode Mode, string? Mapping, long Rows, long Accepted, long Refused, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, ImportFailure? Failure);

    /// <summary>A page of imports.</summary>
    /// <param name="Imports">The newest first.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<Entry> Imports, Products.ListProducts.PageInfo Page);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/imports", HandleAsync).WithName("listImports").WithTags("Products").AllowPublicRead()
        .WithSummary("List imports").WithDescription("The newest first. size is 1 to 100, 24 by default; after is the next of the page before.")
        .Produces<Response>().ProducesProblem(400).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(HttpContext http, CancellationToken cancellationToken, string? after = null, int? size = null)
    {
        var count = size ?? DefaultSize;
        if (count is < 1 or > MaxSize)
        {
            return CommonProblems.InvalidRequest.With($"size is 1 to {MaxSize}.", [new("?size", "out_of_range", $"A page has 1 to {MaxSize} imports.")]).ToHttp();
        }
        var reports = await http.RequestServices.GetRequiredService<ImportStore>().ListAsync(after, count + 1, cancellationToken);
        var entries = reports.Take(count).Select(report => new Entry(
            report.Id, report.Status, report.Mode, report.Mapping, report.Rows, report.Accepted, report.Refused, report.StartedAt, report.FinishedAt, report.Failure)).ToArray();
        return TypedResults.Ok(new Response(entries, new Products.ListProducts.PageInfo(reports.Count > count ? entries[^1].Id : null)));
    }
}
