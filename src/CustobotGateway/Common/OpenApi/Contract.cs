using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace CustobotGateway.Common.OpenApi;

/// <summary>The OpenAPI description, made once from the routes.</summary>
public sealed class Contract(ISwaggerProvider provider)
{
    /// <summary>The document's name: it is served at <c>/openapi/gateway.json</c>.</summary>
    public const string Name = "gateway";

    /// <summary>One operation, for the pages that list them.</summary>
    /// <param name="Tag">The group it is in.</param>
    /// <param name="Method">HTTP method.</param>
    /// <param name="Path">Path with its parameters in braces.</param>
    /// <param name="Id">operationId.</param>
    /// <param name="Summary">A few words, without full stop.</param>
    /// <param name="AdministratorOnly">Whether it needs the administrator.</param>
    /// <param name="Scope">The scope that a token needs; null where anyone may call.</param>
    public sealed record Operation(string Tag, string Method, string Path, string Id, string Summary, bool AdministratorOnly, string? Scope);

    private readonly Lazy<OpenApiDocument> _document = new(() => provider.GetSwagger(Name));
    private string? _json;
    private IReadOnlyList<Operation>? _operations;

    /// <summary>The description as OpenAPI 3.1 JSON.</summary>
    public string Json => _json ??= Write(_document.Value);

    /// <summary>Every operation, in the order of the document.</summary>
    public IReadOnlyList<Operation> Operations => _operations ??=
    [
        .. from path in _document.Value.Paths
           from operation in path.Value.Operations ?? []
           select new Operation(operation.Value.Tags?.FirstOrDefault()?.Name ?? "", operation.Key.Method, path.Key, operation.Value.OperationId ?? "", operation.Value.Summary ?? "",
               operation.Value.Extensions?.ContainsKey(ContractFilters.AdministratorExtension) == true,
               operation.Value.Security?.SelectMany(requirement => requirement.Values).SelectMany(scopes => scopes).FirstOrDefault()),
    ];

    private static string Write(OpenApiDocument document)
    {
        using var text = new StringWriter { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        return text.ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
