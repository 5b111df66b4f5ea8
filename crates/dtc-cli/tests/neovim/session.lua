-- Neovim's own language client with `dtc lsp`: what it shows and does, as JSON in $ANSWERS.

vim.filetype = vim.filetype or {}
local answers = {}
local function finish()
    local file = io.open(os.getenv('ANSWERS'), 'w')
    file:write(vim.json.encode(answers))
    file:close()
    vim.cmd('qall!')
end

local ok, problem = pcall(function()
    vim.cmd('edit s.dtc.yaml')
    local buffer = vim.api.nvim_get_current_buf()
    local id = vim.lsp.start_client({ name = 'dtc', cmd = { os.getenv('DTC'), 'lsp' }, root_dir = vim.fn.getcwd() })
    vim.lsp.buf_attach_client(buffer, id)
    vim.wait(10000, function() return #vim.diagnostic.get(buffer) > 0 end)
    for _, found in ipairs(vim.diagnostic.get(buffer)) do
        answers.diagnostic = { line = found.lnum, code = found.code or found.user_data.lsp.code, message = found.message }
    end

    local function place(sought, more)
        for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
            local at = line:find(sought, 1, true)
            if at then
                vim.api.nvim_win_set_cursor(0, { number, at - 1 + (more or 0) })
                return
            end
        end
        error('no ' .. sought)
    end
    local function ask(method, more)
        local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, 'utf-16'), more or {})
        local replies = assert(vim.lsp.buf_request_sync(buffer, method, params, 10000), method)
        local reply = assert(replies[id], method)
        return reply.result
    end

    -- The offered cure is applied as the user would.
    vim.api.nvim_win_set_cursor(0, { answers.diagnostic.line + 1, 0 })
    local range = vim.lsp.util.make_range_params(0, 'utf-16')
    local actions = ask('textDocument/codeAction', { range = range.range, context = { diagnostics = {} } })
    vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
    vim.wait(10000, function() return #vim.diagnostic.get(buffer) == 0 end)
    answers.left = #vim.diagnostic.get(buffer)

    place('user.games + 1', 5)
    answers.hover = ask('textDocument/hover').contents.value
    answers.definition = ask('textDocument/definition').range.start.line
    vim.lsp.util.apply_workspace_edit(ask('textDocument/rename', { newName = 'rounds' }), 'utf-16')
    place('int(', 4)
    answers.signature = ask('textDocument/signatureHelp').signatures[1].label
    answers.offered = {}
    place('user.rounds', 5)
    for _, item in ipairs(ask('textDocument/completion')) do
        table.insert(answers.offered, item.label)
    end
    -- Until 0.8 it had another name.
    if vim.lsp.buf.format then
        vim.lsp.buf.format({ async = false, timeout_ms = 10000 })
    else
        vim.lsp.buf.formatting_sync({ tabSize = 2, insertSpaces = true }, 10000)
    end
    answers.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
end)
answers.problem = not ok and tostring(problem) or nil
finish()
