using System.Globalization;

namespace CustobotGateway.Benchmarks;

/// <summary>
/// The least that an answer over HTTP costs: the same server with the same settings, which reads the body and sends the bytes that the gateway
/// answered to that query, without work. The query is named by a header.
/// </summary>
public static class FloorServer
{
    public const string QueryHeader = "Workload-Query";

    private const int MaxBodyBytes = 1 << 20;

    public static async Task RunAsync(string answersFile)
    {
        var answers = ReadAnswers(answersFile);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        await using var app = builder.Build();
        app.MapPost("/v1/products/search", context => AnswerAsync(context, answers));
        await app.StartAsync();
        System.Console.Out.WriteLine(app.Urls.First());
        // The parent closes our input when it is done, also when it dies.
        await System.Console.In.ReadLineAsync();
        await app.StopAsync();
    }

    /// <summary>Writes the answers for <see cref="RunAsync"/>.</summary>
    public static void WriteAnswers(string file, IReadOnlyList<byte[]> answers)
    {
        using var writer = new BinaryWriter(File.Create(file));
        writer.Write(answers.Count);
        foreach (var answer in answers)
        {
            writer.Write(answer.Length);
            writer.Write(answer);
        }
    }

    private static byte[][] ReadAnswers(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file));
        var answers = new byte[reader.ReadInt32()][];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = reader.ReadBytes(reader.ReadInt32());
        }
        return answers;
    }

    private static async Task AnswerAsync(HttpContext context, byte[][] answers)
    {
        var body = context.Request.BodyReader;
        var read = await body.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(context.RequestAborted);
        }
        body.AdvanceTo(read.Buffer.End);
        var answer = answers[int.Parse(context.Request.Headers[QueryHeader].ToString(), CultureInfo.InvariantCulture)];
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer, context.RequestAborted);
    }
}
