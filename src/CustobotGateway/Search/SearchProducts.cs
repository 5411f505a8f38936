using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Preferences;
using FluentValidation;

namespace CustobotGateway.Search;

/// <summary>
/// Finds the products that meet any number of constraints over any attribute, with counts of the other attributes over all of them.
/// Answered from memory: nothing here waits for the database.
/// </summary>
public sealed class SearchProducts(CatalogIndex index, CursorKey cursors, IValidator<SearchRequest> validator, IPreferencesOfAgent preferences, TimeProvider clock)
{
    private const int CatalogLoadingRetrySeconds = 1;

    // The one that this thread used last: what is in its caches. Rented and given back between two waits.
    [ThreadStatic]
    private static Scratch? _kept;

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var search = routes.ServiceProvider.GetRequiredService<SearchProducts>();
        // A plain request delegate: binding and result objects would cost more than the search itself.
        Describe(routes.MapPost("/v1/products/search", search.PostAsync).OnlyReads(), search.PostAsync, "searchProducts", "Search products by constraints",
            """
            Finds the products that meet constraints over any attribute, with full-text words, wishes with weights, sorting, disjunctive facets and statistics.
            Values may be given in any unit that converts. `GET /v1/search/filters` tells what can be asked. With `explain`, each hit says which constraints it
            meets, and an empty answer says which constraints exclude everything and which smallest changes give at least 5 hits.
            Every answer names the state of the catalogue that it was computed from, also in the header `Catalog-Version`; `Catalog-Age` is how many seconds ago
            the database was known to have nothing newer.
            """)
            .WithMetadata(new Microsoft.AspNetCore.Http.Metadata.AcceptsMetadata(["application/json"], typeof(SearchRequest)), new ValidatedBody(typeof(SearchRequest)));
        Describe(routes.MapGet("/v1/products/search", search.GetAsync), search.GetAsync, "searchProductsByGet", "Search products by constraints, cacheable",
            """
            The same search as with POST: `q` is the same JSON, encoded as base64url (RFC 4648 §5, without padding). The answer carries an ETag, which stands for
            this search on this state of the catalogue: `If-None-Match` gives 304 as long as nothing changed.
            """);
    }

    /// <summary>Searches with a tree that another door made; the answer as the JSON that REST gives.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="sight">What the caller is shown.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Outcome<ReadOnlyMemory<byte>> Run(SearchRequest request, Sight sight, CancellationToken cancellationToken)
    {
        if (index.Current is not { } catalog)
        {
            return Loading();
        }
        var scratch = Rent();
        try
        {
            return Run(request, catalog, sight, scratch, cancellationToken) is { } problem ? problem : new ReadOnlyMemory<byte>(scratch.Output.Written.ToArray());
        }
        finally
        {
            Return(scratch);
        }
    }

    private static TBuilder Describe<TBuilder>(TBuilder route, RequestDelegate handler, string name, string summary, string description)
        where TBuilder : IEndpointConventionBuilder => route
        .WithName(name).WithTags("Search").WithSummary(summary).WithDescription(description).AllowPublicRead()
        // The contract's writer reads endpoints that carry their method only.
        .WithMetadata(handler.Method,
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(SearchResponse), ["application/json"]),
            new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]),
            new ProducesResponseTypeMetadata(StatusCodes.Status422UnprocessableEntity, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]),
            new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));

    private async Task PostAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        ReadResult body;
        while (true)
        {
            body = await reader.ReadAsync(context.RequestAborted);
            if (body.IsCompleted)
            {
                break;
            }
            reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
        }
        var scratch = Rent();
        try
        {
            Problem? problem;
            try
            {
                problem = Run(body.Buffer, context, scratch);
            }
            finally
            {
                reader.AdvanceTo(body.Buffer.End);
            }
            if (scratch.Waiting is { } asked)
            {
                problem = await RunAsync(asked, context, scratch);
            }
            await AnswerAsync(context, problem, scratch);
        }
        finally
        {
            Return(scratch);
        }
    }

    private Problem? Run(in ReadOnlySequence<byte> body, HttpContext context, Scratch scratch)
    {
        if (body.IsSingleSegment)
        {
            return Run(body.FirstSpan, context, scratch);
        }
        var copy = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(copy);
            return Run(copy.AsSpan(0, (int)body.Length), context, scratch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private Problem? Run(ReadOnlySpan<byte> body, HttpContext context, Scratch scratch)
    {
        if (index.Current is not { } catalog)
        {
            return Loading();
        }
        scratch.Catalog = catalog;
        var request = SearchRequestReader.Read(body, catalog.Registry);
        if (request is { Succeeded: true, Value.ApplyPreferences: true })
        {
            // They are read from the database, which nothing else here waits for.
            scratch.Waiting = request.Value;
            return null;
        }
        return request.Problem ?? Run(request.Value, catalog, Sight.Of(context), scratch, context.RequestAborted);
    }

    private Problem? Run(SearchRequest request, IndexedCatalog catalog, Sight sight, Scratch scratch, CancellationToken cancellationToken)
    {
        var found = Evaluate(request, catalog, sight, scratch.Result, out var explanation, cancellationToken);
        if (found.Problem is { } problem)
        {
            return problem;
        }
        SearchWriter.Write(scratch.Output, found.Value, scratch.Result, cursors, explanation);
        return null;
    }

    private async Task<Problem?> RunAsync(SearchRequest asked, HttpContext context, Scratch scratch)
    {
        var agent = context.GetAgent();
        var request = await WithPreferencesAsync(asked, agent, scratch.Catalog!, context.RequestAborted);
        return request.Problem ?? Run(request.Value, scratch.Catalog!, Sight.Of(agent), scratch, context.RequestAborted);
    }

    /// <summary>The search with the preferences among its wishes that are held with the caller's grant.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="agent">Whose grant.</param>
    /// <param name="catalog">What it will run on.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    internal async ValueTask<Outcome<SearchRequest>> WithPreferencesAsync(SearchRequest request, AgentPrincipal agent, IndexedCatalog catalog, CancellationToken cancellationToken)
    {
        var found = await preferences.FindAsync(agent, cancellationToken);
        if (found.Problem is { } refusal)
        {
            return refusal;
        }
        // Its own constraints first: what is wrong with them is told as of any search, and no preference is blamed for it.
        if (SearchRequestValidator.Refusal(validator, request) is { } outOfBounds)
        {
            return outOfBounds;
        }
        return new PreferenceWishes(catalog, request, Sight.Of(agent), (bounds, result) => Evaluate(bounds, catalog, Sight.Of(agent), result, out _, cancellationToken) is { Succeeded: true } known ? known.Value : null)
            .Apply(found.Value);
    }

    /// <summary>Searches for a door that writes the answer itself: what was bound, whose hits and facets are in the result.</summary>
    internal Outcome<BoundSearch> Evaluate(
        SearchRequest request, IndexedCatalog catalog, Sight sight, SearchResult result, out SearchExplanation? explanation, CancellationToken cancellationToken)
    {
        explanation = null;
        if (SearchRequestValidator.Refusal(validator, request) is { } outOfBounds)
        {
            return outOfBounds;
        }
        if (!cursors.IsReady)
        {
            return Loading();
        }
        var bound = SearchBinder.Bind(catalog, request, sight, cursors);
        if (bound.Problem is not null)
        {
            return bound;
        }
        var search = bound.Value;
        catalog.Snapshot.Search(search.Plan, result, cancellationToken);
        explanation = request.Explain ? ExplainSearch.Explain(search, result, cancellationToken) : null;
        return search;
    }

    private async Task GetAsync(HttpContext context)
    {
        if (context.Request.Query["q"] is not [{ Length: > 0 } q])
        {
            await Refuse("required", "q is the search as JSON, encoded as base64url.").ToHttp().ExecuteAsync(context);
            return;
        }
        var body = ArrayPool<byte>.Shared.Rent(Base64Url.GetMaxDecodedLength(q.Length));
        var scratch = Rent();
        try
        {
            if (!TryDecode(q, body, out var length))
            {
                await Refuse("invalid_base64url", "q is not base64url (RFC 4648 §5).").ToHttp().ExecuteAsync(context);
                return;
            }
            if (index.Current is { } catalog)
            {
                // Before the search: a client that has the answer already costs no more than this hash.
                var tag = TagOf(body.AsSpan(0, length), catalog.Version, Sight.Of(context));
                var headers = context.Response.Headers;
                headers.ETag = tag;
                headers.CacheControl = "no-cache";
                headers.Vary = "Authorization";
                if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
                {
                    context.Response.StatusCode = StatusCodes.Status304NotModified;
                    return;
                }
            }
            var problem = Run(body.AsSpan(0, length), context, scratch);
            if (scratch.Waiting is { } asked)
            {
                // The preferences may be others the next time, which no validator of this search tells.
                context.Response.Headers.ETag = default;
                context.Response.Headers.CacheControl = "no-store";
                problem = await RunAsync(asked, context, scratch);
            }
            await AnswerAsync(context, problem, scratch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
            Return(scratch);
        }

        static Problem Refuse(string code, string detail) => CommonProblems.InvalidRequest.With(detail, [new FieldError("?q", code, detail)]);
    }

    private static bool TryDecode(string q, Span<byte> body, out int length)
    {
        try
        {
            return Base64Url.TryDecodeFromChars(q, body, out length);
        }
        catch (FormatException)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A strong validator: the same search on the same state of the catalogue, asked by a caller who may see as much.</summary>
    private static string TagOf(ReadOnlySpan<byte> body, string version, Sight sight)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(body);
        hash.AppendData(Encoding.UTF8.GetBytes($"\n{version}\n{sight.Staff}{(sight.HidesPrices ? " unpriced" : "")}"));
        return $"\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}\"";
    }

    private async Task AnswerAsync(HttpContext context, Problem? problem, Scratch scratch)
    {
        if (problem is not null)
        {
            context.Response.Headers.ETag = default;
            await problem.ToHttp().ExecuteAsync(context);
            return;
        }
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = scratch.Output.Length;
        TellCatalog(response, scratch.Catalog!, clock);
        response.BodyWriter.Write(scratch.Output.Written);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Names the state of the catalogue that an answer was computed from, and how old it is.</summary>
    internal static void TellCatalog(HttpResponse response, IndexedCatalog catalog, TimeProvider clock)
    {
        response.Headers["Catalog-Version"] = catalog.Version;
        response.Headers["Catalog-Age"] = Math.Max(0, (clock.GetUtcNow() - catalog.AsOf).TotalSeconds).ToString("0.###", CultureInfo.InvariantCulture);
    }

    internal static Problem Loading() =>
        SearchProblems.CatalogLoading.With("The catalogue is being read into memory; retry in a second.", retryAfterSeconds: CatalogLoadingRetrySeconds);

    private static Scratch Rent()
    {
        var scratch = _kept ?? new Scratch();
        _kept = null;
        return scratch;
    }

    private static void Return(Scratch scratch)
    {
        scratch.Output.Clear();
        scratch.Catalog = null;
        scratch.Waiting = null;
        _kept = scratch;
    }

    /// <summary>What a search needs besides the request; used again for the next one.</summary>
    private sealed class Scratch
    {
        public SearchResult Result { get; } = new();

        public SearchOutput Output { get; } = new();

        /// <summary>What the answer was computed from.</summary>
        public IndexedCatalog? Catalog { get; set; }

        /// <summary>A search that waits for the caller's preferences; null for all others.</summary>
        public SearchRequest? Waiting { get; set; }
    }
}
