using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Catalog.Import;

/// <summary>Takes a feed of products of any size.</summary>
public static class ImportProducts
{
    private const long DrainedBytes = 64L << 20;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    /// <summary>The import has begun.</summary>
    /// <param name="Id">Its id, <c>imp_…</c>; <c>GET /v1/imports/{id}</c> is its report.</param>
    public sealed record Response(string Id);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/products:import", HandleAsync).WithName("importProducts").CanDryRun().WithTags("Products").RequireScope(Scopes.CatalogWrite).UnlimitedBody()
        .Accepts<Stream>("application/x-ndjson", "application/jsonl", "text/csv", "text/tab-separated-values", "application/xml", "text/xml", "multipart/form-data", "*/*")
        .WithSummary("Import a feed")
        .WithDescription("""
            The body is the feed: NDJSON, CSV, TSV or XML by Content-Type (or format=ndjson, csv, tsv, xml), with Content-Encoding: gzip where it is compressed;
            or multipart/form-data with a part for each file and, first, a part named mapping with a mapping of one's own. It is answered 202 once it is
            received; the report tells each row's fate. Rows become visible all at once at the end. mode=upsert (default) leaves products that the feed
            lacks, mode=replace withdraws them. Without a mapping, members are named like attributes, id is the merchant's own key, and stock, [{"location","on_hand"}], says what lies where.
            mapping=overlay lays such rows over products that are there. source names the file. A dry run is received, checked and counted in the same way, and its report
            tells what would have changed. The same feed under the same Idempotency-Key is answered with the import that it began; a refusal is found anew.
            """)
        .Produces<Response>(202).ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);

    private static async Task<IResult> HandleAsync(
        HttpContext http, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, IServiceProvider services, CancellationToken cancellationToken,
        string? mapping = null, ImportModeParameter? mode = null, string? format = null, string? source = null)
    {
        var answer = await services.GetRequiredService<ImportReceiver>().ReceiveAsync(
            http.Request, new AskedImport(agent, idempotencyKey, mapping, mode?.Mode ?? ImportMode.Upsert, format, source), cancellationToken);
        if (answer.Problem is { } problem)
        {
            await DrainAsync(http.Request.Body, cancellationToken);
            return problem.ToHttp();
        }
        return TypedResults.Accepted($"/v1/imports/{answer.Value}", new Response(answer.Value));
    }

    /// <summary>Many clients see a broken connection instead of an answer that comes before they have sent everything.</summary>
    private static async Task DrainAsync(Stream body, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(DrainTime);
        try
        {
            var buffer = new byte[64 * 1024];
            long drained = 0;
            int read;
            while (drained < DrainedBytes && (read = await body.ReadAsync(buffer, patience.Token)) > 0)
            {
                drained += read;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // Whoever sends more than this reads the answer or does not.
        }
    }
}

/// <summary><c>upsert</c> or <c>replace</c> in a query.</summary>
/// <param name="Mode">The mode.</param>
public sealed record ImportModeParameter(ImportMode Mode)
{
    /// <summary>Reads it.</summary>
    public static bool TryParse(string? text, out ImportModeParameter? parameter)
    {
        parameter = text switch { "upsert" => new(ImportMode.Upsert), "replace" => new(ImportMode.Replace), _ => null };
        return parameter is not null;
    }
}
