using System.Text.Json;
using CustobotGateway.Catalog.Import.Mappings;
using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CustobotGateway.Catalog.Import;

/// <summary>Receives a feed into the spool and has it run.</summary>
internal sealed class ImportReceiver(ImportStore store, MappingStore mappings, Spool spool, ImportRunner runner, AttributeRegistryStore registry, Writes writes, TimeProvider clock)
{
    private const int MaxParts = 1_000;
    private const int MaxMappingBytes = 1 << 20;
    private const int MaxSourceLength = 256;
    private const string MergeReplaces = "The mapping lays its rows over products that are there, and mode=replace would withdraw all others: use mode=upsert.";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    /// <summary>The id of the import that has begun, or why there is none.</summary>
    /// <param name="request">The feed.</param>
    /// <param name="asked">What is to be done with it, by whom.</param>
    /// <param name="cancellationToken">Ends the receiving.</param>
    public async Task<Outcome<string>> ReceiveAsync(HttpRequest request, AskedImport asked, CancellationToken cancellationToken)
    {
        var (mapping, mode, format, source) = (asked.Mapping, asked.Mode, asked.Format, asked.Source);
        using var body = new DigestedStream(request.Body, hasDigest: asked.Key is not null);
        if (asked is { Key: not null, Agent.IsDryRun: false } && await RepeatedImport.FindAsync(asked, body, writes, cancellationToken) is { } first)
        {
            return first;
        }
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        FeedFormat? single = null;
        if (boundary is null && !FeedFormats.TryRead(format, request.ContentType, out single))
        {
            return format is not null
                ? CommonProblems.InvalidRequest.With("format is ndjson, csv, tsv or xml.", [new("?format", "unknown_value", "format is ndjson, csv, tsv or xml.")])
                : CommonProblems.UnsupportedMediaType.With($"A feed is {FeedFormats.Offered}; format=ndjson, csv, tsv or xml says it in the query.");
        }
        if (Compression(request.Headers.ContentEncoding) is not { } gzip)
        {
            return CommonProblems.UnsupportedMediaType.With("Content-Encoding is gzip or identity here.");
        }
        JsonElement? definition = null;
        if (mapping is not null && (definition = await mappings.FindAsync(mapping, cancellationToken)) is null)
        {
            return ImportProblems.UnknownMapping.With($"There is no mapping '{mapping}'; there are {string.Join(", ", await mappings.NamesAsync(cancellationToken))}.",
                [new("?mapping", "unknown_mapping", "No mapping of this name is shipped or registered.")], new Remedy("List the mappings, or register one.", "/v1/mappings"));
        }
        if (definition is { } named && Merges(named, mode))
        {
            return ImportProblems.InvalidMapping.With(MergeReplaces, [new("?mode", "merge_replaces", MergeReplaces)]);
        }
        var report = new ImportReport { Id = Ids.New("imp", clock), Status = ImportStatus.Receiving, Mode = mode, Mapping = mapping, DryRun = asked.Agent.IsDryRun ? true : null, StartedAt = clock.GetUtcNow() };
        spool.Create(report.Id);
        string? running;
        try
        {
            running = await store.BeginAsync(report, cancellationToken);
        }
        catch
        {
            spool.Delete(report.Id);
            throw;
        }
        if (running is not null)
        {
            spool.Delete(report.Id);
            return ImportProblems.InProgress.With($"The import {running} is running.", remedy: new Remedy("Wait until it is completed or failed.", "/v1/imports/" + running), retryAfterSeconds: 5);
        }
        return await ReceiveAsync(asked, body, report, definition, boundary, single, gzip, cancellationToken);
    }

    private async Task<Outcome<string>> ReceiveAsync(
        AskedImport asked, DigestedStream body, ImportReport report, JsonElement? definition, string? boundary, FeedFormat? format, bool gzip, CancellationToken cancellationToken)
    {
        using var received = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(report, received.Token);
        ImportFailure failure;
        Problem problem;
        try
        {
            ImportPlan plan;
            if (boundary is null)
            {
                plan = new ImportPlan([await spool.SaveAsync(report.Id, 1, body, format!.Value, gzip, Shorten(asked.Source), cancellationToken)], definition);
            }
            else
            {
                plan = await ReceivePartsAsync(report.Id, new MultipartReader(boundary, body), definition, cancellationToken);
                if (plan.Definition is { } sent && Merges(sent, report.Mode))
                {
                    throw new FeedException("invalid_mapping", MergeReplaces);
                }
                report = report with { Mapping = report.Mapping ?? (plan.Definition is { } own ? CompiledMapping.Parse(own).Name : null) };
            }
            await received.CancelAsync();
            await beating;
            await store.BeatAsync(report with { BytesTotal = plan.Parts.Sum(part => part.Bytes) }, cancellationToken);
            failure = new ImportFailure("abandoned", "The feed took so long to come that the import was given up.");
            problem = ImportProblems.Malformed.With(failure.Detail);
            // The key has its answer from the moment on from which the import runs, also after a crash.
            var begun = await writes.RunAsync<ImportProducts.Response>(await asked.AttemptAsync(body, cancellationToken),
                async transaction => await store.RunAsync(transaction, report.Id, plan, cancellationToken) ? new ImportProducts.Response(report.Id) : problem, cancellationToken);
            if (begun.Succeeded && begun.Value.Id == report.Id)
            {
                runner.Enqueue(report.Id);
                return report.Id;
            }
            if (begun.Succeeded || begun.Problem!.Type != problem.Type)
            {
                // The same request came in before this one.
                await GiveUpAsync(report, new ImportFailure("repeated", "The key had its answer already."));
                return begun.Succeeded ? (Outcome<string>)begun.Value.Id : begun.Problem!;
            }
        }
        catch (FeedException exception)
        {
            failure = new ImportFailure(exception.Code, exception.Message);
            problem = (exception.Code switch
            {
                "malformed_gzip" or "malformed_multipart" => ImportProblems.Malformed,
                "invalid_mapping" => ImportProblems.InvalidMapping,
                "unsupported_media_type" => CommonProblems.UnsupportedMediaType,
                _ => ImportProblems.Refused,
            }).With(exception.Message, [new("", exception.Code, exception.Message)]);
        }
        catch (Exception)
        {
            await GiveUpAsync(report, new ImportFailure("interrupted", "The feed did not come to its end."));
            throw;
        }
        finally
        {
            await received.CancelAsync();
            await beating;
        }
        await GiveUpAsync(report, failure);
        return problem;
    }

    private async Task<ImportPlan> ReceivePartsAsync(string import, MultipartReader parts, JsonElement? definition, CancellationToken cancellationToken)
    {
        var files = new List<FeedPart>();
        try
        {
            while (await parts.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                var disposition = ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var parsed) ? parsed : null;
                if (disposition?.Name.Value is "mapping" or "\"mapping\"")
                {
                    definition = await ReadMappingAsync(part.Body, cancellationToken);
                    continue;
                }
                var name = Shorten(HeaderUtilities.RemoveQuotes(disposition?.FileNameStar.HasValue == true ? disposition.FileNameStar : disposition?.FileName ?? default).Value);
                // Many senders label every file the same; its name then says more.
                if (files.Count == MaxParts || !(FeedFormats.TryRead(null, part.ContentType, out var format) || FeedFormats.TryRead(null, name is null ? null : FeedFormats.MediaTypeOf(name), out format))
                    || Compression(part.Headers?.TryGetValue("Content-Encoding", out var encoding) == true ? encoding.ToString() : name?.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) == true ? "gzip" : null) is not { } gzip)
                {
                    throw new FeedException("unsupported_media_type", $"The file '{name}' is none of {FeedFormats.Offered}, or there are more than {MaxParts} files.");
                }
                files.Add(await spool.SaveAsync(import, files.Count + 1, part.Body, format.Value, gzip, name, cancellationToken));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw new FeedException("malformed_multipart", "The parts of the body cannot be told apart, or the body ends in the middle of one.");
        }
        return files.Count > 0 ? new ImportPlan(files, definition) : throw new FeedException("malformed_multipart", "The body has no part with a file.");
    }

    private static bool Merges(JsonElement definition, ImportMode mode) => mode == ImportMode.Replace && CompiledMapping.Parse(definition).Merge;

    private async Task<JsonElement> ReadMappingAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxMappingBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            if (length > MaxMappingBytes)
            {
                throw new JsonException($"A mapping has at most {MaxMappingBytes} bytes.");
            }
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length));
            var definition = document.RootElement.Clone();
            _ = new CompiledMapping(CompiledMapping.Parse(definition), registry.Current);
            return definition;
        }
        catch (JsonException exception)
        {
            throw new FeedException("invalid_mapping", $"The mapping is not valid at line {exception.LineNumber + 1}: {exception.Path}");
        }
    }

    private async Task BeatAsync(ImportReport report, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Beat, end);
                await store.BeatAsync(report, end);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or Npgsql.NpgsqlException)
        {
            // Received, or the database is away, which the next statement of the request will say.
        }
    }

    private async Task GiveUpAsync(ImportReport report, ImportFailure failure)
    {
        spool.Delete(report.Id);
        try
        {
            await store.FailAsync(report with { Status = ImportStatus.Failed, FinishedAt = clock.GetUtcNow(), Failure = failure }, CancellationToken.None);
        }
        catch (Npgsql.NpgsqlException)
        {
            // Without a sign of life it is declared abandoned by the next import.
        }
    }

    /// <summary>Whether the body is compressed; null for an encoding that is not read here.</summary>
    private static bool? Compression(string? encoding) => encoding?.ToLowerInvariant() switch
    {
        null or "" or "identity" => false,
        "gzip" or "x-gzip" => true,
        _ => null,
    };

    private static string? Shorten(string? source) => string.IsNullOrEmpty(source) ? null : Path.GetFileName(source) is var name && name.Length > MaxSourceLength ? name[..MaxSourceLength] : name;
}
