using System.Globalization;
using CustobotGateway.Catalog.Import;
using CustobotGateway.Common;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Demo;

/// <summary>
/// Loads the demo shop into an empty catalogue, through the importer like any feed, then its stock. A gateway that is stopped in between
/// goes on at the next start; of several that start at once, one imports.
/// </summary>
internal sealed partial class LoadDemo(
    ImportReceiver receiver, ImportStore imports, AttributeRegistryStore registry, MigrateAtStart migration, NpgsqlDataSource database, GatewaySettings settings, ILogger<LoadDemo> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the demo is there, or nothing of it is wanted.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether this start loaded it.</summary>
    public bool HasLoaded { get; private set; }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await migration.WhenDoneAsync(stoppingToken);
            await registry.WhenLoadedAsync(stoppingToken);
            // The demo is made of the built-in attributes.
            while (settings.Demo && settings.RegistryDirectory is null && !await TryLoadAsync(stoppingToken))
            {
                await Task.Delay(Pause, stoppingToken);
            }
            IsDone = true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops before the demo was loaded.
        }
    }

    private async Task<bool> TryLoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await IsEmptyAsync(cancellationToken) && !await ImportAsync(cancellationToken))
            {
                return false;
            }
            await StockAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException exception) when (DatabaseFailures.IsOutage(exception))
        {
            return false;
        }
    }

    private async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return !await connection.QuerySingleAsync<bool>(new CommandDefinition("select exists (select from catalog.products)", cancellationToken: cancellationToken));
    }

    /// <summary>False while another import runs, which may be the demo's own on another gateway or from before a crash.</summary>
    private async Task<bool> ImportAsync(CancellationToken cancellationToken)
    {
        using var feed = new MemoryStream();
        foreach (var product in DemoShop.Products())
        {
            feed.Write(product.Line.Span);
            feed.WriteByte((byte)'\n');
        }
        feed.Position = 0;
        var request = new DefaultHttpContext().Request;
        (request.Body, request.ContentType) = (feed, "application/x-ndjson");
        var begun = await receiver.ReceiveAsync(request, new AskedImport(AgentPrincipal.Administrator, null, null, ImportMode.Upsert, null, DemoShop.Source), cancellationToken);
        if (!begun.Succeeded)
        {
            return false;
        }
        while (true)
        {
            switch (await imports.FindAsync(begun.Value, cancellationToken))
            {
                case { Status: ImportStatus.Completed }:
                    LogLoaded(logger, begun.Value);
                    HasLoaded = true;
                    return true;
                case { Status: ImportStatus.Failed } or null:
                    LogFailed(logger, begun.Value);
                    // A demo that cannot be loaded keeps nobody from working.
                    return true;
                default:
                    await Task.Delay(Pause, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Where nothing is counted yet; what the merchant counted since stays.</summary>
    private async Task StockAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var first = DemoShop.Products().First().ExternalId;
        if (!await connection.QuerySingleAsync<bool>(new CommandDefinition("""
            select exists (select from catalog.products where external_id = @first) and not exists (select from catalog.stock)
            """, new { first }, cancellationToken: cancellationToken)))
        {
            return;
        }
        var lots = DemoShop.Products().SelectMany(product => product.Stock.Select(lot => (product.ExternalId, Lot: lot))).ToList();
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into catalog.stock (product, location, starts_at, on_hand)
            select products.number, lot.location, lot.starts_at, lot.on_hand
            from unnest(@keys, @locations, @starts::timestamptz[], @counts) as lot (key, location, starts_at, on_hand)
            join catalog.products products on products.external_id = lot.key
            on conflict do nothing
            """, new
        {
            keys = lots.Select(lot => lot.ExternalId).ToArray(),
            locations = lots.Select(lot => lot.Lot.Location).ToArray(),
            starts = lots.Select(lot => lot.Lot.StartsAt?.ToString("O", CultureInfo.InvariantCulture) ?? "-infinity").ToArray(),
            counts = lots.Select(lot => lot.Lot.OnHand).ToArray(),
        }, cancellationToken: cancellationToken));
    }

    [LoggerMessage(1, LogLevel.Information, "The demo catalogue was loaded by import {Import}")]
    private static partial void LogLoaded(ILogger logger, string import);

    [LoggerMessage(2, LogLevel.Error, "The demo catalogue could not be loaded; import {Import} failed")]
    private static partial void LogFailed(ILogger logger, string import);
}
