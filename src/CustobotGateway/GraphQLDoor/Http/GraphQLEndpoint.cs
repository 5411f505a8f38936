using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CustobotGateway.Common.Http;
using CustobotGateway.GraphQL;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Http;

/// <summary>
/// GraphQL over HTTP at <c>/graphql</c>. A POST is JSON only, which no page of another origin can send unasked, and a GET never changes anything;
/// callers are known by bearer tokens and not by cookies.
/// </summary>
internal sealed partial class GraphQLEndpoint(
    GraphQLEngine engine, SchemaSource schemas, DoorServices services, PersistedDocuments documents, GraphQLDoorOptions settings,
    IHostApplicationLifetime lifetime, ILogger<GraphQLEndpoint> logger)
{
    private const int KeptScratches = 64;

    private readonly OperationLimits _limits = new() { MaxFieldCost = settings.MaxCost, MaxTypeCost = settings.MaxCost, MaxResponseBytes = settings.MaxResponseBytes };
    private readonly ConcurrentQueue<DoorScratch> _scratches = [];
    private int _streams;

    /// <summary>A request with its parameters in the query.</summary>
    public Task GetAsync(HttpContext context)
    {
        if (Common.Discovery.Entry.PrefersHtml(context.Request))
        {
            return GraphiQLPage.ShowAsync(context);
        }
        context.Response.Headers.Vary = "Accept, Authorization";
        if (!context.Request.QueryString.HasValue)
        {
            // Whoever follows a link to here asks nothing yet; the schema tells what can be asked.
            context.Response.Redirect(GraphQLDoorModule.SchemaPath);
            return Task.CompletedTask;
        }
        var media = MediaNegotiation.Choose(context.Request);
        if (media == ResponseMedia.None)
        {
            return RefuseMediaAsync(context);
        }
        var body = RequestBody.Read(context.Request.Query, out var error);
        return AnswerAsync(context, media, body, error);
    }

    /// <summary>A request with a JSON body.</summary>
    public async Task PostAsync(HttpContext context)
    {
        var media = MediaNegotiation.Choose(context.Request);
        if (media == ResponseMedia.None)
        {
            await RefuseMediaAsync(context);
            return;
        }
        if (!IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(context.RequestAborted);
        }
        try
        {
            var body = RequestBody.Read(read.Buffer.IsSingleSegment ? read.Buffer.First : read.Buffer.ToArray(), out var error);
            await AnswerAsync(context, media, body, error);
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    private static bool IsJson(HttpRequest request) =>
        request.ContentType is "application/json"
        || (Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (type.Charset.Value is null || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    private static Task RefuseMediaAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(HttpContext context, ResponseMedia media, RequestBody? body, GraphQLError? error)
    {
        if (body is null)
        {
            await RefuseAsync(context, media, error!, StatusCodes.Status400BadRequest);
            return;
        }
        if (documents.Find(body, out error) is not { } query)
        {
            // A client of automatic persisted queries sends the text next; it reads the code, and takes any status.
            await RefuseAsync(context, media, error!, error!.Code == "PERSISTED_QUERY_NOT_FOUND" && media == ResponseMedia.Json ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
            return;
        }
        if (services.Index.Current is null)
        {
            // Before the registry is read there is no schema to hold the request against.
            var loading = SearchProducts.Loading();
            context.Response.Headers.RetryAfter = loading.RetryAfterSeconds!.Value.ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(context, media, new GraphQLError(loading.Detail, [], loading.Type.Code), loading.Type.Status);
            return;
        }
        var request = new GraphQLRequest { Query = query, OperationName = body.OperationName, Variables = body.Variables };
        await (media == ResponseMedia.EventStream ? StreamAsync(context, request) : ExecuteAsync(context, media, request));
    }

    private async Task ExecuteAsync(HttpContext context, ResponseMedia media, GraphQLRequest request)
    {
        var schema = schemas.Current;
        var scratch = _scratches.TryDequeue(out var kept) ? kept : new DoorScratch();
        var state = new DoorRequest(services, schema.Names, context, scratch);
        var report = await engine.ExecuteAsync(schema.Schema, request, OptionsOf(context, state), scratch.Response, context.RequestAborted);
        var response = context.Response;
        response.StatusCode = StatusOf(context, media, report);
        response.ContentType = MediaNegotiation.TypeOf(media);
        response.ContentLength = scratch.Response.WrittenCount;
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = "POST";
        }
        if (state.UsedCatalog is { } catalog)
        {
            SearchProducts.TellCatalog(response, catalog, services.Clock);
        }
        response.BodyWriter.Write(scratch.Response.WrittenSpan);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
        // Where anything failed above, what still holds parts of the scratch is unknown: it is left to the collector.
        Keep(scratch);
    }

    private async Task StreamAsync(HttpContext context, GraphQLRequest request)
    {
        if (Interlocked.Increment(ref _streams) > settings.MaxStreams)
        {
            Interlocked.Decrement(ref _streams);
            context.Response.Headers.RetryAfter = "10";
            await RefuseAsync(context, ResponseMedia.Json, new GraphQLError($"{settings.MaxStreams} streams are open already.", [], "TOO_MANY_STREAMS"), StatusCodes.Status503ServiceUnavailable);
            return;
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var schema = schemas.Current;
            var state = new DoorRequest(services, schema.Names, context, new DoorScratch());
            context.Response.ContentType = MediaNegotiation.EventStream;
            context.Response.Headers.CacheControl = "no-store";
            // Proxies that gather answers before they pass them on would keep events back.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            var responses = engine.SubscribeAsync(schema.Schema, request, OptionsOf(context, state), ended.Token);
            await EventStream.WriteAsync(context.Response.BodyWriter, responses, services.Clock, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client went away, or the gateway stops.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private ExecutionOptions OptionsOf(HttpContext context, DoorRequest state) => new()
    {
        Limits = _limits,
        State = state,
        Values = state.Values,
        AllowMutations = HttpMethods.IsPost(context.Request.Method),
        OnAdmitted = report => context.Response.Headers["GraphQL-Cost"] = string.Create(CultureInfo.InvariantCulture,
            $"fields={report.Cost.FieldCost}, objects={report.Cost.TypeCost}, limit={settings.MaxCost}, left={Left(report)}"),
        WriteExtensions = WriteCost,
        OnError = (exception, field) => LogFailed(logger, exception, field, context.GetTraceId()),
    };

    private double Left(in ExecutionReport report) => settings.MaxCost - Math.Max(report.Cost.FieldCost, report.Cost.TypeCost);

    private void WriteCost(Utf8JsonWriter writer, ExecutionReport report)
    {
        writer.WriteStartObject("cost");
        writer.WriteNumber("fields", report.Cost.FieldCost);
        writer.WriteNumber("objects", report.Cost.TypeCost);
        writer.WriteNumber("limit", settings.MaxCost);
        writer.WriteNumber("left", Left(report));
        writer.WriteEndObject();
    }

    private static int StatusOf(HttpContext context, ResponseMedia media, in ExecutionReport report)
    {
        if (report.Operation == OperationKind.Mutation && !HttpMethods.IsPost(context.Request.Method))
        {
            return StatusCodes.Status405MethodNotAllowed;
        }
        return report.Status == ExecutionStatus.RequestError && media == ResponseMedia.GraphQL ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
    }

    private static async Task RefuseAsync(HttpContext context, ResponseMedia media, GraphQLError error, int status)
    {
        var body = new ArrayBufferWriter<byte>();
        ErrorResponse.Write(body, error);
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaNegotiation.TypeOf(media == ResponseMedia.EventStream ? ResponseMedia.Json : media);
        context.Response.ContentLength = body.WrittenCount;
        context.Response.BodyWriter.Write(body.WrittenSpan);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Keep(DoorScratch scratch)
    {
        if (_scratches.Count < KeptScratches && scratch.TryClear())
        {
            _scratches.Enqueue(scratch);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Field} failed, trace {TraceId}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string field, string traceId);
}
