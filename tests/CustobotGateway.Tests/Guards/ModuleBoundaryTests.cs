using Mono.Cecil;
using Mono.Cecil.Cil;

namespace CustobotGateway.Tests.Guards;

/// <summary>Who may know whom, held over compiled code: signatures, bodies, async bodies and closures included.</summary>
public sealed class ModuleBoundaryTests
{
    private const string Root = "CustobotGateway";
    private const string EventMarker = Root + ".Common.Events.IEventData";

    private static readonly string[] Capabilities = ["Catalog", "Search", "Identity", "BotDetection", "Negotiation", "Checkout", "Telemetry"];

    /// <summary>Module, then the modules it may know besides Common. "X!" is X's event records alone.</summary>
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["Common"] = [],
        ["Catalog"] = [],
        ["Identity"] = [],
        ["Search"] = ["Catalog"],
        ["BotDetection"] = ["Identity", "Negotiation!", "Checkout!"],
        ["Negotiation"] = ["Catalog", "Identity", "Search!"],
        ["Checkout"] = ["Catalog", "Identity", "Negotiation"],
        ["Telemetry"] = ["Catalog", "Search!", "Identity!", "BotDetection!", "Negotiation!", "Checkout!"],
        ["Webhooks"] = [.. Capabilities.Select(name => name + "!")],
        ["GraphQLDoor"] = Capabilities,
        ["Mcp"] = Capabilities,
        ["Protocols"] = Capabilities,
        // Staff see what is told to whom, and send again what did not arrive.
        ["Console"] = [.. Capabilities, "Webhooks"],
        // The command line starts the service, runs operations and writes the GraphQL schema; nobody knows it.
        ["Commands"] = [.. Capabilities, "GraphQLDoor", ""],
        // GatewayApplication, GatewayProblems and Program put the modules together.
        [""] = [.. Capabilities, "Webhooks", "GraphQLDoor", "Mcp", "Protocols", "Console", "Commands"],
    };

    [Fact]
    public void Modules_know_only_whom_the_table_allows()
    {
        using var assembly = Read(Root);
        var edges = EdgesOf(assembly.MainModule);

        Assert.Contains(edges, edge => edge is { From: "Search", To: "Catalog" });
        var unknown = edges.Select(edge => edge.From).Concat(edges.Select(edge => edge.To)).Where(module => !May.ContainsKey(module)).Distinct();
        Assert.Empty(unknown);
        var forbidden = edges.Where(edge => edge.To != "Common" && !May[edge.From].Contains(edge.To) && !(edge.OfEvent && May[edge.From].Contains(edge.To + "!")));
        var faults = string.Join("\n", forbidden.Select(edge => $"{edge.FromType} knows {edge.ToType}").Distinct().Order());
        Assert.True(faults.Length == 0, faults);
    }

    [Fact]
    public void Every_folder_of_the_service_is_in_the_table()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Tests.Common.Repository.Root, "src", Root)).Select(Path.GetFileName)
            .Except(["bin", "obj", "Properties", "wwwroot"]);

        Assert.Empty(folders.Except(May.Keys));
    }

    [Fact]
    public void Engines_know_only_the_framework()
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, Root + ".*.dll").Where(file => !file.EndsWith(".Tests.dll", StringComparison.Ordinal)))
        {
            using var engine = AssemblyDefinition.ReadAssembly(file);
            var strangers = engine.MainModule.AssemblyReferences.Select(reference => reference.Name)
                .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && name is not "netstandard"
                    && !(engine.Name.Name == Root + ".OAuth" && name.StartsWith("Microsoft.IdentityModel", StringComparison.Ordinal)));
            Assert.Empty(strangers);
        }
    }

    private sealed record Edge(string From, string To, string FromType, string ToType, bool OfEvent);

    private static AssemblyDefinition Read(string name) => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    private static HashSet<Edge> EdgesOf(ModuleDefinition module)
    {
        var edges = new HashSet<Edge>();
        var events = EventRecords(module);
        foreach (var type in module.GetTypes())
        {
            if (ModuleOf(type) is not { } from)
            {
                continue;
            }
            foreach (var used in UsedBy(type).SelectMany(Flatten))
            {
                if (used.Scope == module && ModuleOf(used) is { } to && to != from)
                {
                    edges.Add(new Edge(from, to, Outermost(type).FullName, Outermost(used).FullName, events.Contains(used.FullName)));
                }
            }
        }
        return edges;
    }

    /// <summary>The folder, "" for the service's own root, null for what is none of ours (generated code in the framework's namespaces).</summary>
    private static string? ModuleOf(TypeReference type)
    {
        var space = Outermost(type).Namespace;
        return space == Root ? "" : space.StartsWith(Root + ".", StringComparison.Ordinal) ? space[(Root.Length + 1)..].Split('.')[0] : null;
    }

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>The records that are stored as events, and what their members are made of.</summary>
    private static HashSet<string> EventRecords(ModuleDefinition module)
    {
        var records = new HashSet<string>();
        var open = new Stack<TypeDefinition>(module.GetTypes().Where(type => type.Interfaces.Any(one => one.InterfaceType.FullName == EventMarker)));
        while (open.TryPop(out var record))
        {
            if (records.Add(record.FullName))
            {
                foreach (var member in record.Properties.SelectMany(property => Flatten(property.PropertyType)).Where(member => member.Scope == module))
                {
                    open.Push(member.Resolve());
                }
            }
        }
        return records;
    }

    private static IEnumerable<TypeReference> UsedBy(TypeDefinition type)
    {
        IEnumerable<TypeReference?> used =
        [
            type.BaseType, .. type.Interfaces.Select(one => one.InterfaceType), .. type.Fields.Select(field => field.FieldType),
            .. type.CustomAttributes.Concat(type.Fields.SelectMany(field => field.CustomAttributes)).Select(attribute => attribute.AttributeType),
            .. type.Methods.SelectMany(UsedBy),
        ];
        return used.OfType<TypeReference>();
    }

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method) =>
    [
        method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        .. !method.HasBody ? [] : method.Body.Variables.Select(variable => variable.VariableType).Concat(method.Body.Instructions.SelectMany(UsedBy)),
    ];

    private static IEnumerable<TypeReference?> UsedBy(Instruction instruction) => instruction.Operand switch
    {
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        FieldReference field => [field.DeclaringType, field.FieldType],
        TypeReference type => [type],
        _ => [],
    };

    private static IEnumerable<TypeReference> Flatten(TypeReference type) => type switch
    {
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Flatten)],
        TypeSpecification specification => Flatten(specification.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
